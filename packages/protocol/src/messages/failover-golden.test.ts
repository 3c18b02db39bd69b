/** Every failover message as octets written by hand from the layouts of RFC 8156 §5.2, §5.3, §5.5 and §7.4: frames in both directions. */
import { describe, expect, it } from 'vitest'
import { octets } from '../../test-support/octets.ts'
import * as p from '../index.ts'

const SENT = p.dhcpTimeFromNumber(0x2faf0800)
const at = (offsetSeconds: number): p.DhcpTime => p.dhcpTimeFromNumber(0x2faf0800 + offsetSeconds)
const duid = p.duidFromHex('00030001020000000001')
const address = p.parseIpv6Address('2001:db8:0:1::1001') ?? p.UNSPECIFIED_ADDRESS
const prefix = p.makePrefix(p.parseIpv6Address('2001:db8:8000:200::') ?? p.UNSPECIFIED_ADDRESS, 56)

function failover(type: p.FailoverMessageType, transactionId: number, options: p.Options = []): p.FailoverMessage {
  return { kind: 'failover', type, transactionId, sentTime: SENT, options }
}

function plain(type: number, transactionId: number, options: p.Options = []): p.ClientServerMessage {
  return { kind: 'client-server', type, transactionId, options }
}

const leaseInUpdate: p.Options = [
  p.option(p.bindingStatusOption, p.BindingStatusCode.Active),
  p.option(p.startTimeOfStateOption, at(-0x100)),
  p.option(p.stateExpirationTimeOption, at(0x100)),
  p.option(p.cltTimeOption, 16),
  p.option(p.partnerLifetimeOption, at(0x200)),
  p.option(p.partnerRawCltTimeOption, at(-0x200)),
  p.option(p.expirationTimeOption, at(0x300)),
  p.option(p.clientFqdnOption, { flags: 1, domainName: 'host.org', fullyQualified: true }),
]

const golden: readonly [name: string, hex: string, message: p.StreamMessage][] = [
  [
    'BNDUPD with client data',
    `0092                                        # message-size 146
     18 | 00 00 2a | 2f af 08 00                 # BNDUPD, transaction id 42, sent-time
     00 2d 00 86                                 # client data, 134 octets
        00 01 00 0a 00 03 00 01 02 00 00 00 00 01          # client id
        00 64 00 04 2f af 08 00                            # base time
        00 03 00 6c 00 00 00 01 00 00 07 08 00 00 0b 40    # IA_NA, 108 octets: IAID 1, T1 1800, T2 2880
           00 05 00 5c                                     # IAADDR, 92 octets
              20 01 0d b8 00 00 00 01 00 00 00 00 00 00 10 01
              00 00 0e 10 00 00 1c 20                      # preferred 3600, valid 7200
              00 72 00 01 01                               # ACTIVE
              00 85 00 04 2f af 07 00                      # start time of state
              00 86 00 04 2f af 09 00                      # state expiration time
              00 2e 00 04 00 00 00 10                      # last heard 16 seconds ago
              00 7b 00 04 2f af 0a 00                      # partner lifetime
              00 7e 00 04 2f af 06 00                      # partner raw client last transaction time
              00 78 00 04 2f af 0b 00                      # expiration time
              00 27 00 0b 01 04 68 6f 73 74 03 6f 72 67 00 # FQDN host.org., flag S`,
    failover(p.MessageType.Bndupd, 42, [
      p.option(p.clientDataOption, [
        p.option(p.clientIdOption, duid),
        p.option(p.lqBaseTimeOption, SENT),
        p.option(p.iaNaOption, {
          iaid: 1,
          t1: 1800,
          t2: 2880,
          options: [
            p.option(p.iaAddressOption, {
              address,
              preferredLifetime: 3600,
              validLifetime: 7200,
              options: leaseInUpdate,
            }),
          ],
        }),
      ]),
    ]),
  ],
  [
    'BNDUPD with a prefix that has no client',
    `003a | 18 | 00 00 2b | 2f af 08 00           # message-size 58
     00 1a 00 2e                                 # IAPREFIX, 46 octets
        00 00 00 00 00 00 00 00 38               # no lifetimes, /56
        20 01 0d b8 80 00 02 00 00 00 00 00 00 00 00 00
        00 64 00 04 2f af 08 00                  # base time
        00 72 00 01 06                           # FREE-BACKUP
        00 85 00 04 2f af 08 00                  # start time of state`,
    failover(p.MessageType.Bndupd, 43, [
      p.option(p.iaPrefixOption, {
        prefix,
        preferredLifetime: 0,
        validLifetime: 0,
        options: [
          p.option(p.lqBaseTimeOption, SENT),
          p.option(p.bindingStatusOption, p.BindingStatusCode.FreeBackup),
          p.option(p.startTimeOfStateOption, SENT),
        ],
      }),
    ]),
  ],
  [
    'BNDREPLY that accepts',
    `005b | 19 | 00 00 2a | 2f af 08 00           # message-size 91
     00 2d 00 4f                                 # client data, 79 octets
        00 01 00 0a 00 03 00 01 02 00 00 00 00 01
        00 03 00 3d 00 00 00 01 00 00 07 08 00 00 0b 40    # IA_NA, 61 octets
           00 05 00 2d                                     # IAADDR, 45 octets
              20 01 0d b8 00 00 00 01 00 00 00 00 00 00 10 01
              00 00 0e 10 00 00 1c 20
              00 72 00 01 01                               # ACTIVE
              00 86 00 04 2f af 09 00                      # state expiration time
              00 7c 00 04 2f af 0a 00                      # partner lifetime sent`,
    failover(p.MessageType.Bndreply, 42, [
      p.option(p.clientDataOption, [
        p.option(p.clientIdOption, duid),
        p.option(p.iaNaOption, {
          iaid: 1,
          t1: 1800,
          t2: 2880,
          options: [
            p.option(p.iaAddressOption, {
              address,
              preferredLifetime: 3600,
              validLifetime: 7200,
              options: [
                p.option(p.bindingStatusOption, p.BindingStatusCode.Active),
                p.option(p.stateExpirationTimeOption, at(0x100)),
                p.option(p.partnerLifetimeSentOption, at(0x200)),
              ],
            }),
          ],
        }),
      ]),
    ]),
  ],
  [
    'BNDREPLY that rejects',
    `0030 | 19 | 00 00 2b | 2f af 08 00           # message-size 48
     00 1a 00 24 00 00 00 00 00 00 00 00 38      # IAPREFIX, 36 octets
        20 01 0d b8 80 00 02 00 00 00 00 00 00 00 00 00
        00 0d 00 02 00 13                        # OutdatedBindingInformation
        00 72 00 01 06                           # FREE-BACKUP`,
    failover(p.MessageType.Bndreply, 43, [
      p.option(p.iaPrefixOption, {
        prefix,
        preferredLifetime: 0,
        validLifetime: 0,
        options: [
          p.option(p.statusCodeOption, { code: p.StatusCode.OutdatedBindingInformation, message: '' }),
          p.option(p.bindingStatusOption, p.BindingStatusCode.FreeBackup),
        ],
      }),
    ]),
  ],
  ['POOLREQ', '0008 | 1a | 00 00 02 | 2f af 08 00', failover(p.MessageType.Poolreq, 2)],
  ['POOLRESP', '0008 | 1b | 00 00 02 | 2f af 08 00', failover(p.MessageType.Poolresp, 2)],
  ['UPDREQ', '0008 | 1c | 00 00 03 | 2f af 08 00', failover(p.MessageType.Updreq, 3)],
  ['UPDREQALL', '0008 | 1d | ff ff ff | 2f af 08 00', failover(p.MessageType.Updreqall, 0xffffff)],
  ['UPDDONE', '0008 | 1e | ff ff ff | 2f af 08 00', failover(p.MessageType.Upddone, 0xffffff)],
  [
    'CONNECT',
    `0036 | 1f | 00 00 01 | 2f af 08 00           # message-size 54
     00 7f 00 04 00 01 00 00                     # protocol version 1.0
     00 7a 00 04 00 00 0e 10                     # MCLT 3600
     00 80 00 04 00 00 00 3c                     # keepalive 60
     00 79 00 04 00 00 00 0a                     # 10 unacknowledged updates
     00 82 00 04 64 65 6d 6f                     # relationship "demo"
     00 73 00 02 00 01                           # fixed prefix length`,
    failover(p.MessageType.Connect, 1, [
      p.option(p.protocolVersionOption, { major: 1, minor: 0 }),
      p.option(p.mcltOption, 3600),
      p.option(p.keepaliveTimeOption, 60),
      p.option(p.maxUnackedBndupdOption, 10),
      p.option(p.relationshipNameOption, 'demo'),
      p.option(p.connectFlagsOption, { fixedPdLength: true }),
    ]),
  ],
  [
    'CONNECTREPLY that accepts',
    `002e | 20 | 00 00 01 | 2f af 08 00           # message-size 46
     00 7f 00 04 00 01 00 00
     00 7a 00 04 00 00 0e 10
     00 80 00 04 00 00 00 08
     00 79 00 04 00 00 00 64
     00 73 00 02 00 00`,
    failover(p.MessageType.Connectreply, 1, [
      p.option(p.protocolVersionOption, { major: 1, minor: 0 }),
      p.option(p.mcltOption, 3600),
      p.option(p.keepaliveTimeOption, 8),
      p.option(p.maxUnackedBndupdOption, 100),
      p.option(p.connectFlagsOption, { fixedPdLength: false }),
    ]),
  ],
  [
    'CONNECTREPLY that rejects',
    `0012 | 20 | 00 00 01 | 2f af 08 00           # message-size 18
     00 0d 00 06 00 16 73 6b 65 77               # ExcessiveTimeSkew, "skew"`,
    failover(p.MessageType.Connectreply, 1, [
      p.option(p.statusCodeOption, { code: p.StatusCode.ExcessiveTimeSkew, message: 'skew' }),
    ]),
  ],
  [
    'DISCONNECT',
    `0011 | 21 | 00 00 09 | 2f af 08 00           # message-size 17
     00 0d 00 05 00 14 62 79 65                  # ServerShuttingDown, "bye"`,
    failover(p.MessageType.Disconnect, 9, [
      p.option(p.statusCodeOption, { code: p.StatusCode.ServerShuttingDown, message: 'bye' }),
    ]),
  ],
  [
    'STATE in NORMAL, partner known',
    '00 1a | 22 | 00 00 01 | 2f af 08 00 | 00 84 00 01 02 | 00 83 00 01 01 | 00 85 00 04 2f af 08 00',
    failover(p.MessageType.State, 1, [
      p.option(p.serverStateOption, p.ServerStateCode.Normal),
      p.option(p.serverFlagsOption, { startup: false, ackStartup: false, communicated: true }),
      p.option(p.startTimeOfStateOption, SENT),
    ]),
  ],
  [
    'STATE in PARTNER-DOWN, starting up',
    `0022 | 22 | 00 00 04 | 2f af 08 00           # message-size 34
     00 84 00 01 04
     00 83 00 01 03                              # STARTUP and COMMUNICATED
     00 85 00 04 2f af 07 00
     00 7d 00 04 2f af 07 00                     # partner down time`,
    failover(p.MessageType.State, 4, [
      p.option(p.serverStateOption, p.ServerStateCode.PartnerDown),
      p.option(p.serverFlagsOption, { startup: true, ackStartup: false, communicated: true }),
      p.option(p.startTimeOfStateOption, at(-0x100)),
      p.option(p.partnerDownTimeOption, at(-0x100)),
    ]),
  ],
  ['CONTACT', '00 08 | 23 | 00 00 01 | 2f af 08 00', failover(p.MessageType.Contact, 1)],
  ['STARTTLS', '00 04 | 17 | 00 00 01', plain(p.MessageType.StartTls, 1)],
  ['REPLY to STARTTLS: go ahead', '00 04 | 07 | 00 00 01', plain(p.MessageType.Reply, 1)],
  [
    'REPLY to STARTTLS: refused',
    '00 0a | 07 | 00 00 01 | 00 0d 00 02 00 0f',
    plain(p.MessageType.Reply, 1, [
      p.option(p.statusCodeOption, { code: p.StatusCode.TlsConnectionRefused, message: '' }),
    ]),
  ],
]

describe('failover frames', () => {
  it.each(golden)('%s has exactly these octets, and they read as that message', (_, hex, message) => {
    const frame = octets(hex)
    expect(p.encodeStreamMessage(message)).toEqual(frame)
    expect(new p.StreamFramer().push(frame)).toEqual([frame.slice(2)])
    expect(p.decodeStreamMessage(frame.slice(2))).toEqual({ ok: true, value: message })
  })

  it.each(golden)('%s keeps the rules on what it must carry', (_, __, message) => {
    expect(p.checkMessageRules(message, 'stream')).toEqual([])
  })

  it.each(golden)(
    '%s is refused or shorter in options when cut anywhere, and never read past its end',
    (_, hex, message) => {
      const whole = octets(hex).slice(2)
      for (let kept = 0; kept < whole.length; kept += 1) {
        const decoded = p.decodeStreamMessage(whole.slice(0, kept))
        if (decoded.ok) expect(decoded.value.options.length).toBeLessThan(message.options.length)
        else expect(decoded.error.reason).toBe('truncated')
      }
      expect(p.decodeStreamMessage(Uint8Array.from([...whole, 0]))).toMatchObject({ ok: false })
    },
  )

  it('cover every failover message', () => {
    const types = new Set(golden.map(([, , message]) => message.type))
    expect([...types].toSorted((first, second) => first - second)).toEqual([
      7, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    ])
  })
})

describe('the sent-time stamp', () => {
  const [, stateHex] = golden.find(([name]) => name === 'STATE in NORMAL, partner known') ?? ['', '']

  it('changes the four octets of sent-time and no other', () => {
    const frame = octets(stateHex)
    p.stampSentTime(frame, p.dhcpTimeFromNumber(0xfedcba98))
    const expected = octets(stateHex)
    expected.set(octets('fedcba98'), 6)
    expect(frame).toEqual(expected)
  })

  it.each(['00 04 | 17 | 00 00 01', '00 0a | 07 | 00 00 01 | 00 0d 00 02 00 0f', '', '00 08 | 23 | 00'])(
    'leaves a frame without a sent-time as it is: "%s"',
    (hex) => {
      const frame = octets(hex)
      p.stampSentTime(frame, SENT)
      expect(frame).toEqual(octets(hex))
    },
  )
})
