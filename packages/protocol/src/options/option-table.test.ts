/** Every client, relay and leasequery option against octets written from its RFC. */
import { describe, expect, it } from 'vitest'
import { octets } from '../../test-support/octets.ts'
import { describeRows, row } from '../../test-support/option-row.ts'
import * as p from '../index.ts'
import { OptionCode } from '../registry/option-codes.ts'
import { optionDefinitions } from './option-table.ts'

const address = (text: string): p.Ipv6Address => p.parseIpv6Address(text) ?? p.UNSPECIFIED_ADDRESS
const prefix = (text: string): p.Ipv6Prefix => p.parseIpv6Prefix(text) ?? { address: p.UNSPECIFIED_ADDRESS, length: 0 }
const clientDuid = p.duidFromHex('00030001020000000001')

const rows = [
  row(
    p.clientIdOption,
    '0001 000a | 0003 0001 0200 0000 0001',
    clientDuid,
    'OPTION_CLIENTID 00:03:00:01:02:00:00:00:00:01',
    'some',
  ),
  row(
    p.serverIdOption,
    '0002 0007 | 0002 0000 0009 42',
    p.duidFromHex('00020000000942'),
    'OPTION_SERVERID 00:02:00:00:00:09:42',
    'some',
  ),
  row(
    p.iaNaOption,
    '0003 000c | 0000 0001 | 0000 0e10 | 0000 1518',
    { iaid: 1, t1: 3600, t2: 5400, options: [] },
    'OPTION_IA_NA iaid 1 t1 3600 t2 5400 []',
    'some',
  ),
  row(
    p.iaNaOption,
    `0003 0028                                  # IA_NA, 40 octets
       ffff ffff | 0000 0000 | 0000 0000        # IAID, T1, T2
       0005 0018                                # IAADDR, 24 octets
         2001 0db8 0000 0000 0000 0000 0000 0001
         0000 0064 | 0000 00c8                  # preferred, valid`,
    {
      iaid: 0xffffffff,
      t1: 0,
      t2: 0,
      options: [
        p.option(p.iaAddressOption, {
          address: address('2001:db8::1'),
          preferredLifetime: 100,
          validLifetime: 200,
          options: [],
        }),
      ],
    },
    'OPTION_IA_NA iaid 4294967295 t1 0 t2 0 [OPTION_IAADDR 2001:db8::1 preferred 100 valid 200 []]',
    'some',
  ),
  row(p.iaTaOption, '0004 0004 | 0000 0007', { iaid: 7, options: [] }, 'OPTION_IA_TA iaid 7 []', 'some'),
  row(
    p.iaAddressOption,
    `0005 0021                                  # IAADDR, 33 octets
       fd00 0000 0000 0000 0000 0000 0000 00ff | ffff ffff | ffff ffff
       000d 0005 0004 6e6f 70                   # status NotOnLink, "nop"`,
    {
      address: address('fd00::ff'),
      preferredLifetime: 0xffffffff,
      validLifetime: 0xffffffff,
      options: [p.option(p.statusCodeOption, { code: p.StatusCode.NotOnLink, message: 'nop' })],
    },
    'OPTION_IAADDR fd00::ff preferred 4294967295 valid 4294967295 [OPTION_STATUS_CODE {code NotOnLink, message "nop"}]',
    'some',
  ),
  row(p.optionRequestOption, '0006 0004 | 0017 0018', [23, 24], 'OPTION_ORO 23, 24', 'some'),
  row(p.preferenceOption, '0007 0001 | ff', 255, 'OPTION_PREFERENCE 255', 'fixed'),
  row(p.elapsedTimeOption, '0008 0002 | 0064', 100, 'OPTION_ELAPSED_TIME 100', 'fixed'),
  row(p.relayMessageOption, '0009 0004 | 0100 0001', octets('0100 0001'), 'OPTION_RELAY_MSG 01000001', 'open'),
  row(
    p.authOption,
    `000b 001c | 03 01 00                       # protocol, algorithm, replay detection method
       0102 0304 0506 0708                      # replay detection
       01 000102030405060708090a0b0c0d0e0f      # type, reconfigure key`,
    {
      protocol: 3,
      algorithm: 1,
      replayDetectionMethod: 0,
      replayDetection: octets('0102030405060708'),
      information: octets('01000102030405060708090a0b0c0d0e0f'),
    },
    'OPTION_AUTH {protocol 3, algorithm 1, replayDetectionMethod 0, replayDetection 0102030405060708, information 01000102030405060708090a0b0c0d0e0f}',
    'some',
  ),
  row(
    p.unicastOption,
    '000c 0010 | 2001 0db8 0000 0000 0000 0000 0000 0053',
    address('2001:db8::53'),
    'OPTION_UNICAST 2001:db8::53',
    'fixed',
  ),
  row(
    p.statusCodeOption,
    '000d 0006 | 0002 c3a4 6f6b',
    { code: p.StatusCode.NoAddrsAvail, message: 'äok' },
    'OPTION_STATUS_CODE {code NoAddrsAvail, message "äok"}',
    'some',
  ),
  row(p.rapidCommitOption, '000e 0000', true, 'OPTION_RAPID_COMMIT', 'fixed'),
  row(
    p.userClassOption,
    '000f 0007 | 0002 6162 | 0001 63',
    [octets('6162'), octets('63')],
    'OPTION_USER_CLASS 6162, 63',
    'some',
  ),
  row(
    p.vendorClassOption,
    '0010 0008 | 0000 0137 | 0002 6162',
    { enterprise: 311, classes: [octets('6162')] },
    'OPTION_VENDOR_CLASS {enterprise 311, classes 6162}',
    'some',
  ),
  row(
    p.vendorOptsOption,
    '0011 0009 | 0000 0009 | 0001 0001 ff',
    { enterprise: 9, options: octets('0001 0001 ff') },
    'OPTION_VENDOR_OPTS {enterprise 9, options 00010001ff}',
    'some',
  ),
  row(p.interfaceIdOption, '0012 0004 | 6574 6830', octets('65746830'), 'OPTION_INTERFACE_ID 65746830', 'open'),
  row(p.reconfigureMessageOption, '0013 0001 | 05', 5, 'OPTION_RECONF_MSG RENEW', 'fixed'),
  row(p.reconfigureAcceptOption, '0014 0000', true, 'OPTION_RECONF_ACCEPT', 'fixed'),
  row(
    p.dnsServersOption,
    '0017 0020 | 2001 0db8 0000 0000 0000 0000 0000 0053 | 2001 0db8 0000 0000 0000 0000 0000 0054',
    [address('2001:db8::53'), address('2001:db8::54')],
    'OPTION_DNS_SERVERS 2001:db8::53, 2001:db8::54',
    'some',
  ),
  row(
    p.domainListOption,
    `0018 0015 | 07 6578616d706c65 03 6f7267 00   # example.org
       05 6c6f63616c 00 00                        # local, and the root`,
    ['example.org', 'local', '.'],
    'OPTION_DOMAIN_LIST example.org, local, .',
    'some',
  ),
  row(
    p.iaPdOption,
    `0019 0029 | 0000 0002 | 0000 0000 | 0000 0000 # IAID, T1, T2
       001a 0019                                  # IAPREFIX, 25 octets
         0000 003c | 0000 0078 | 38               # preferred, valid, /56
         2001 0db8 0001 0200 0000 0000 0000 0000`,
    {
      iaid: 2,
      t1: 0,
      t2: 0,
      options: [
        p.option(p.iaPrefixOption, {
          prefix: prefix('2001:db8:1:200::/56'),
          preferredLifetime: 60,
          validLifetime: 120,
          options: [],
        }),
      ],
    },
    'OPTION_IA_PD iaid 2 t1 0 t2 0 [OPTION_IAPREFIX 2001:db8:1:200::/56 preferred 60 valid 120 []]',
    'some',
  ),
  row(
    p.iaPrefixOption,
    '001a 0019 | 0000 0000 | 0000 0000 | 30 | 2001 0db8 0001 0000 0000 0000 0000 0000',
    { prefix: prefix('2001:db8:1::/48'), preferredLifetime: 0, validLifetime: 0, options: [] },
    'OPTION_IAPREFIX 2001:db8:1::/48 preferred 0 valid 0 []',
    'some',
  ),
  row(p.informationRefreshTimeOption, '0020 0004 | 0001 5180', 86400, 'OPTION_INFORMATION_REFRESH_TIME 86400', 'fixed'),
  row(
    p.remoteIdOption,
    '0025 0006 | 0000 0009 | abcd',
    { enterprise: 9, identifier: octets('abcd') },
    'OPTION_REMOTE_ID {enterprise 9, identifier abcd}',
    'some',
  ),
  row(p.subscriberIdOption, '0026 0003 | 616263', octets('616263'), 'OPTION_SUBSCRIBER_ID 616263', 'open'),
  row(
    p.clientFqdnOption,
    '0027 0006 | 01 04 686f7374',
    { flags: 1, domainName: 'host', fullyQualified: false },
    'OPTION_CLIENT_FQDN flags 1 host',
    'some',
  ),
  row(
    p.clientFqdnOption,
    '0027 000b | 04 04 686f7374 03 6f7267 00',
    { flags: p.ClientFqdnFlag.N, domainName: 'host.org', fullyQualified: true },
    'OPTION_CLIENT_FQDN flags 4 host.org.',
    'some',
  ),
  row(
    p.clientFqdnOption,
    '0027 0001 | 00',
    { flags: 0, domainName: '', fullyQualified: false },
    'OPTION_CLIENT_FQDN flags 0',
    'some',
  ),
  row(p.echoRequestOption, '002b 0002 | 0012', [18], 'OPTION_ERO 18', 'some'),
  row(
    p.lqQueryOption,
    `002c 001f | 02 | 0000 0000 0000 0000 0000 0000 0000 0000
       0001 000a | 0003 0001 0200 0000 0001`,
    { queryType: 2, linkAddress: p.UNSPECIFIED_ADDRESS, options: [p.option(p.clientIdOption, clientDuid)] },
    'OPTION_LQ_QUERY {queryType 2, linkAddress ::, options [OPTION_CLIENTID 00:03:00:01:02:00:00:00:00:01]}',
    'some',
  ),
  row(
    p.clientDataOption,
    '002d 0016 | 0001 000a 0003 0001 0200 0000 0001 | 002e 0004 0000 0005',
    [p.option(p.clientIdOption, clientDuid), p.option(p.cltTimeOption, 5)],
    'OPTION_CLIENT_DATA [OPTION_CLIENTID 00:03:00:01:02:00:00:00:00:01, OPTION_CLT_TIME 5]',
    'some',
  ),
  row(p.cltTimeOption, '002e 0004 | 0000 0e10', 3600, 'OPTION_CLT_TIME 3600', 'fixed'),
  row(
    p.lqRelayDataOption,
    '002f 0012 | fe80 0000 0000 0000 0000 0000 0000 0001 | 0c00',
    { peerAddress: address('fe80::1'), message: octets('0c00') },
    'OPTION_LQ_RELAY_DATA {peerAddress fe80::1, message 0c00}',
    'some',
  ),
  row(
    p.lqClientLinkOption,
    '0030 0010 | 2001 0db8 0000 0000 0000 0000 0000 0000',
    [address('2001:db8::')],
    'OPTION_LQ_CLIENT_LINK 2001:db8::',
    'some',
  ),
  row(
    p.relayIdOption,
    '0035 000a | 0003 0001 0200 0000 0001',
    clientDuid,
    'OPTION_RELAY_ID 00:03:00:01:02:00:00:00:00:01',
    'some',
  ),
  row(
    p.vssOption,
    '0044 0008 | 01 | 00000000000001',
    { type: 1, information: octets('00000000000001') },
    'OPTION_VSS type 1 00000000000001',
    'some',
  ),
  row(
    p.vssOption,
    '0044 0004 | 00 | 766e31',
    { type: 0, information: octets('766e31') },
    'OPTION_VSS type 0 766e31',
    'some',
  ),
  row(
    p.clientLinkLayerAddressOption,
    '004f 0008 | 0001 | 0200 0000 0001',
    { hardwareType: 1, address: octets('020000000001') },
    'OPTION_CLIENT_LINKLAYER_ADDR {hardwareType 1, address 02:00:00:00:00:01}',
    'some',
  ),
  row(p.solMaxRtOption, '0052 0004 | 0000 0e10', 3600, 'OPTION_SOL_MAX_RT 3600', 'fixed'),
  row(p.infMaxRtOption, '0053 0004 | 0000 0e10', 3600, 'OPTION_INF_MAX_RT 3600', 'fixed'),
  row(
    p.lqBaseTimeOption,
    '0064 0004 | 2faf 0800',
    p.dhcpTimeFromNumber(800_000_000),
    'OPTION_LQ_BASE_TIME 800000000',
    'fixed',
  ),
  row(p.relaySourcePortOption, '0087 0002 | 0222', 546, 'OPTION_RELAY_PORT 546', 'fixed'),
]

describeRows('options of clients, relays and leasequery', rows)

describe('the option table', () => {
  it('holds no option twice, in the order of the codes', () => {
    const codes = optionDefinitions.map(({ code }) => code)
    expect(codes).toEqual([...new Set(codes)].toSorted((first, second) => first - second))
  })

  it('has a row above for every option that is not of failover', () => {
    const tested = new Set(rows.map(({ code }) => code))
    const isFailover = (code: number): boolean =>
      code >= OptionCode.BindingStatus && code <= OptionCode.StateExpirationTime
    expect(optionDefinitions.filter(({ code }) => !isFailover(code) && !tested.has(code))).toEqual([])
  })
})

describe('option values that break their own rules', () => {
  const reasonOf = (hex: string): string | undefined => {
    const decoded = p.decodeDatagram(octets(`01 000001 ${hex}`))
    return decoded.ok ? undefined : `${decoded.error.reason} in ${decoded.error.optionCode ?? 'no option'}`
  }

  it.each([
    ['a DUID of two octets', '0001 0002 0001', 'truncated in 1'],
    ['a DUID of 131 octets', `0001 0083 ${'00'.repeat(131)}`, 'value-out-of-range in 1'],
    ['a prefix length of 129', `001a 0019 00000000 00000000 81 ${'00'.repeat(16)}`, 'value-out-of-range in 26'],
    ['no name server at all', '0017 0000', 'truncated in 23'],
    ['no user class at all', '000f 0000', 'truncated in 15'],
    ['a compressed domain name', '0018 0002 c000', 'invalid-domain-name in 24'],
    ['a domain name without an end', '0018 0002 0161', 'invalid-domain-name in 24'],
    ['a global VPN with information', '0044 0002 ff00', 'value-out-of-range in 68'],
    ['a VPN-ID of six octets', '0044 0007 01 000000000000', 'value-out-of-range in 68'],
    ['an unknown message type to reconfigure', '0013 0001 ff', 'value-out-of-range in 19'],
    ['a fault two options deep', '0003 0014 0000000000000000 00000000 0005 0004 00000000', 'truncated in 5'],
    ['stray octets behind an inner option', '0003 0013 000000010000000000000000 000e 0000 000000', 'truncated in 3'],
    ['stray octets behind an option', '000e 0000 000000', 'truncated in no option'],
    ['an unknown option that is cut', 'fde8 0004 00', 'truncated in no option'],
  ])('refuses %s', (_, hex, reason) => {
    expect(reasonOf(hex)).toBe(reason)
  })

  it('clears the bits of a prefix beyond its length', () => {
    const decoded = p.decodeDatagram(octets(`05 000001 001a 0019 00000000 00000000 20 20010db8 ${'ff'.repeat(12)}`))
    const value = decoded.ok ? p.findOption(decoded.value.options, p.iaPrefixOption) : undefined
    expect(value?.prefix).toEqual(prefix('2001:db8::/32'))
  })

  it('shows status text that is not UTF-8 with replacement characters', () => {
    const decoded = p.decodeDatagram(octets('07 000001 000d 0005 0000 61ff62'))
    const status = decoded.ok ? p.findOption(decoded.value.options, p.statusCodeOption) : undefined
    expect(status?.message).toBe('a�b')
  })
})
