/** Every option of RFC 8156 §5.5 against octets written from the layout tables. */
import { describe, expect, it } from 'vitest'
import { octets } from '../../../test-support/octets.ts'
import { describeRows, row } from '../../../test-support/option-row.ts'
import * as p from '../../index.ts'

const time = p.dhcpTimeFromNumber(800_000_000) // 0x2faf0800
const seconds = '2faf 0800'

const rows = [
  row(p.bindingStatusOption, '0072 0001 | 01', p.BindingStatusCode.Active, 'OPTION_F_BINDING_STATUS ACTIVE', 'fixed'),
  row(p.bindingStatusOption, '0072 0001 | 08', p.BindingStatusCode.Reset, 'OPTION_F_BINDING_STATUS RESET', 'fixed'),
  row(
    p.connectFlagsOption,
    '0073 0002 | 0001',
    { fixedPdLength: true },
    'OPTION_F_CONNECT_FLAGS fixed-pd-length',
    'fixed',
  ),
  row(
    p.connectFlagsOption,
    '0073 0002 | 8000',
    { fixedPdLength: false, reserved: 0x8000 },
    'OPTION_F_CONNECT_FLAGS reserved 0x8000',
    'fixed',
  ),
  row(
    p.dnsRemovalInfoOption,
    `0074 0019                          # three options inside, 25 octets
       0075 0006 | 04 686f7374 00       # host name
       0076 0005 | 03 6f7267 00         # zone name
       0077 0002 | 0009                 # flags U and F`,
    [
      p.option(p.dnsHostNameOption, 'host'),
      p.option(p.dnsZoneNameOption, 'org'),
      p.option(p.dnsFlagsOption, {
        usingRequestedFqdn: true,
        synthesizedName: false,
        reverseUpToDate: false,
        forwardUpToDate: true,
      }),
    ],
    'OPTION_F_DNS_REMOVAL_INFO [OPTION_F_DNS_HOST_NAME host, OPTION_F_DNS_ZONE_NAME org, ' +
      'OPTION_F_DNS_FLAGS using-requested-fqdn forward-up-to-date]',
    'some',
  ),
  row(p.dnsHostNameOption, '0075 0006 | 04 686f7374 00', 'host', 'OPTION_F_DNS_HOST_NAME host', 'some'),
  row(p.dnsZoneNameOption, '0076 0005 | 03 6f7267 00', 'org', 'OPTION_F_DNS_ZONE_NAME org', 'some'),
  row(
    p.dnsFlagsOption,
    '0077 0002 | 0016',
    { usingRequestedFqdn: false, synthesizedName: true, reverseUpToDate: true, forwardUpToDate: false, reserved: 0x10 },
    'OPTION_F_DNS_FLAGS synthesized-name reverse-up-to-date reserved 0x10',
    'fixed',
  ),
  row(p.expirationTimeOption, `0078 0004 | ${seconds}`, time, 'OPTION_F_EXPIRATION_TIME 800000000', 'fixed'),
  row(p.maxUnackedBndupdOption, '0079 0004 | 0000 000a', 10, 'OPTION_F_MAX_UNACKED_BNDUPD 10', 'fixed'),
  row(p.mcltOption, '007a 0004 | 0000 0e10', 3600, 'OPTION_F_MCLT 3600', 'fixed'),
  row(p.partnerLifetimeOption, `007b 0004 | ${seconds}`, time, 'OPTION_F_PARTNER_LIFETIME 800000000', 'fixed'),
  row(p.partnerLifetimeSentOption, `007c 0004 | ${seconds}`, time, 'OPTION_F_PARTNER_LIFETIME_SENT 800000000', 'fixed'),
  row(p.partnerDownTimeOption, `007d 0004 | ${seconds}`, time, 'OPTION_F_PARTNER_DOWN_TIME 800000000', 'fixed'),
  row(p.partnerRawCltTimeOption, `007e 0004 | ${seconds}`, time, 'OPTION_F_PARTNER_RAW_CLT_TIME 800000000', 'fixed'),
  row(
    p.protocolVersionOption,
    '007f 0004 | 0001 0000',
    { major: 1, minor: 0 },
    'OPTION_F_PROTOCOL_VERSION {major 1, minor 0}',
    'fixed',
  ),
  row(p.keepaliveTimeOption, '0080 0004 | 0000 003c', 60, 'OPTION_F_KEEPALIVE_TIME 60', 'fixed'),
  row(
    p.reconfigureDataOption,
    `0081 0014 | ${seconds} | 000102030405060708090a0b0c0d0e0f`,
    { reconfigureTime: time, key: octets('000102030405060708090a0b0c0d0e0f') },
    'OPTION_F_RECONFIGURE_DATA {reconfigureTime 800000000, key 000102030405060708090a0b0c0d0e0f}',
    'some',
  ),
  row(p.relationshipNameOption, '0082 0005 | 6e c3b6 7264', 'nörd', 'OPTION_F_RELATIONSHIP_NAME "nörd"', 'some'),
  row(
    p.serverFlagsOption,
    '0083 0001 | 06',
    { startup: true, ackStartup: true, communicated: false },
    'OPTION_F_SERVER_FLAGS startup ack-startup',
    'fixed',
  ),
  row(
    p.serverFlagsOption,
    '0083 0001 | 81',
    { startup: false, ackStartup: false, communicated: true, reserved: 0x80 },
    'OPTION_F_SERVER_FLAGS communicated reserved 0x80',
    'fixed',
  ),
  row(
    p.serverStateOption,
    '0084 0001 | 0a',
    p.ServerStateCode.ConflictDone,
    'OPTION_F_SERVER_STATE CONFLICT-DONE',
    'fixed',
  ),
  row(p.startTimeOfStateOption, `0085 0004 | ${seconds}`, time, 'OPTION_F_START_TIME_OF_STATE 800000000', 'fixed'),
  row(p.stateExpirationTimeOption, `0086 0004 | ${seconds}`, time, 'OPTION_F_STATE_EXPIRATION_TIME 800000000', 'fixed'),
]

describeRows('options of failover', rows)

describe('failover options', () => {
  it('all have a row above', () => {
    const codes = Array.from({ length: 21 }, (_, index) => p.OptionCode.BindingStatus + index)
    expect(p.OptionCode.StateExpirationTime).toBe(codes.at(-1))
    expect(codes.filter((code) => !rows.some((tested) => tested.code === code))).toEqual([])
  })

  it.each([
    ['binding status 0', '0072 0001 00', 'value-out-of-range'],
    ['binding status 9', '0072 0001 09', 'value-out-of-range'],
    ['server state 0', '0084 0001 00', 'value-out-of-range'],
    ['server state 11', '0084 0001 0b', 'value-out-of-range'],
    ['a relationship name with a NUL', '0082 0002 6100', 'invalid-text'],
    ['a relationship name that is not UTF-8', '0082 0001 ff', 'invalid-text'],
  ])('refuse %s', (_, hex, reason) => {
    const decoded = p.decodeStreamMessage(octets(`22 000001 00000000 ${hex}`))
    expect(decoded).toMatchObject({ ok: false, error: { reason } })
  })
})
