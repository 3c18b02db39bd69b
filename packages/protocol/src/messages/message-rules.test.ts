/** The rule tables at work: presence and absence of identifiers, connect parameters, STATE and binding containers. */
import { describe, expect, it } from 'vitest'
import * as p from '../index.ts'

const duid = p.duidFromHex('00030001020000000001')
const time = p.dhcpTimeFromNumber(800_000_000)
const client = p.option(p.clientIdOption, duid)
const server = p.option(p.serverIdOption, duid)
const baseTime = p.option(p.lqBaseTimeOption, time)
const status = (code: number): p.OptionInstance => p.option(p.bindingStatusOption, code)
const rejection = p.option(p.statusCodeOption, { code: p.StatusCode.MissingBindingInformation, message: '' })

function violations(type: number, options: p.Options, carrier?: p.Carrier): readonly string[] {
  const message: p.ClientServerMessage | p.FailoverMessage = p.isFailoverMessageType(type)
    ? { kind: 'failover', type, transactionId: 1, sentTime: time, options }
    : { kind: 'client-server', type, transactionId: 1, options }
  return p.checkMessageRules(message, carrier).map(({ kind, optionCode, within = [] }) => {
    return [
      kind,
      ...[...within, optionCode].map((code) => p.optionCodeName(code).replace(/^OPTION_(?:F_)?/u, '')),
    ].join(' ')
  })
}

const { Solicit, Request, Confirm, Renew, Rebind, Decline, Release, InformationRequest, Reply } = p.MessageType

describe('identifiers in client messages', () => {
  it.each([Solicit, Confirm, Rebind])('type %d has a client id and no server id', (type) => {
    expect(violations(type, [client])).toEqual([])
    expect(violations(type, [client, server])).toEqual(['forbidden SERVERID'])
    expect(violations(type, [])).toEqual(['missing CLIENTID'])
  })

  it.each([Request, Renew, Decline, Release])('type %d has both', (type) => {
    expect(violations(type, [client, server])).toEqual([])
    expect(violations(type, [client])).toEqual(['missing SERVERID'])
    expect(violations(type, [server])).toEqual(['missing CLIENTID'])
  })

  it('an INFORMATION-REQUEST may lack both but has no identity association', () => {
    expect(violations(InformationRequest, [])).toEqual([])
    expect(violations(InformationRequest, [client, server])).toEqual([])
    const association = p.option(p.iaPdOption, { iaid: 1, t1: 0, t2: 0, options: [] })
    expect(violations(InformationRequest, [association])).toEqual(['forbidden IA_PD'])
  })

  it('a REPLY names its server, except on a stream', () => {
    expect(violations(Reply, [client])).toEqual(['missing SERVERID'])
    expect(violations(Reply, [], 'stream')).toEqual([])
  })

  it('an option that may be there once is reported when it is there twice', () => {
    expect(violations(Solicit, [client, client])).toEqual(['repeated CLIENTID'])
    const vendor = p.option(p.vendorOptsOption, { enterprise: 1, options: new Uint8Array(0) })
    expect(violations(Solicit, [client, vendor, vendor, { code: 65000, value: 0 }, { code: 65000, value: 0 }])).toEqual(
      [],
    )
  })

  it('a relay message without a message inside is reported', () => {
    const addresses = { linkAddress: p.UNSPECIFIED_ADDRESS, peerAddress: p.UNSPECIFIED_ADDRESS }
    const found = p.checkMessageRules({ kind: 'relay', type: 12, hopCount: 0, ...addresses, options: [] })
    expect(found).toMatchObject([{ kind: 'missing', optionCode: p.OptionCode.RelayMessage }])
  })
})

describe('connecting', () => {
  const parameters = [
    p.option(p.protocolVersionOption, { major: 1, minor: 0 }),
    p.option(p.mcltOption, 60),
    p.option(p.keepaliveTimeOption, 60),
    p.option(p.maxUnackedBndupdOption, 10),
    p.option(p.connectFlagsOption, { fixedPdLength: true }),
  ]

  it.each([p.MessageType.Connect, p.MessageType.Connectreply])('type %d needs each parameter', (type) => {
    expect(violations(type, parameters)).toEqual([])
    for (const parameter of parameters) {
      const without = parameters.filter((instance) => instance !== parameter)
      expect(violations(type, without)).toEqual([
        `missing ${p.optionCodeName(parameter.code).slice('OPTION_F_'.length)}`,
      ])
    }
  })

  it('a CONNECTREPLY that rejects needs none, one that reports success needs all', () => {
    expect(violations(p.MessageType.Connectreply, [rejection])).toEqual([])
    const success = p.option(p.statusCodeOption, { code: p.StatusCode.Success, message: 'fine' })
    expect(violations(p.MessageType.Connectreply, [success])).toHaveLength(5)
  })
})

describe('STATE', () => {
  const flags = p.option(p.serverFlagsOption, { startup: false, ackStartup: false, communicated: true })
  const start = p.option(p.startTimeOfStateOption, time)
  const downTime = p.option(p.partnerDownTimeOption, time)
  const inState = (code: number): p.OptionInstance => p.option(p.serverStateOption, code)

  it('carries the partner down time in PARTNER-DOWN and only there', () => {
    const { PartnerDown, Normal } = p.ServerStateCode
    expect(violations(p.MessageType.State, [inState(PartnerDown), flags, start, downTime])).toEqual([])
    expect(violations(p.MessageType.State, [inState(PartnerDown), flags, start])).toEqual(['missing PARTNER_DOWN_TIME'])
    expect(violations(p.MessageType.State, [inState(Normal), flags, start, downTime])).toEqual([
      'forbidden PARTNER_DOWN_TIME',
    ])
  })

  it('never says STARTUP', () => {
    expect(violations(p.MessageType.State, [inState(p.ServerStateCode.Startup), flags, start])).toEqual([
      'forbidden-value SERVER_STATE',
    ])
  })

  it('needs state, flags and start time', () => {
    expect(violations(p.MessageType.State, [])).toEqual([
      'missing SERVER_STATE',
      'missing SERVER_FLAGS',
      'missing START_TIME_OF_STATE',
    ])
  })
})

describe('bindings', () => {
  const start = p.option(p.startTimeOfStateOption, time)
  const timeouts = [
    p.option(p.stateExpirationTimeOption, time),
    p.option(p.partnerLifetimeOption, time),
    p.option(p.expirationTimeOption, time),
  ]
  const lifetimes = { preferredLifetime: 0, validLifetime: 0 }
  const lease = (...options: p.OptionInstance[]): p.OptionInstance =>
    p.option(p.iaAddressOption, { address: p.UNSPECIFIED_ADDRESS, ...lifetimes, options })
  const association = (...options: p.OptionInstance[]): p.OptionInstance =>
    p.option(p.iaNaOption, { iaid: 1, t1: 0, t2: 0, options })
  const freePrefix = (...options: p.OptionInstance[]): p.OptionInstance =>
    p.option(p.iaPrefixOption, { prefix: p.makePrefix(p.UNSPECIFIED_ADDRESS, 56), ...lifetimes, options })
  const update = (...options: p.OptionInstance[]): p.OptionInstance => p.option(p.clientDataOption, options)
  const { Bndupd, Bndreply } = p.MessageType
  const { Active, Expired, Free } = p.BindingStatusCode
  const whole = update(client, baseTime, association(lease(status(Expired), start)))

  it('come in exactly one container', () => {
    expect(violations(Bndupd, [whole])).toEqual([])
    expect(violations(Bndupd, [])).toEqual(['missing CLIENT_DATA'])
    expect(violations(Bndupd, [whole, freePrefix(baseTime, status(Free), start)])).toEqual(['repeated IAPREFIX'])
    expect(violations(Bndreply, [])).toEqual(['missing CLIENT_DATA'])
  })

  it('name client, time, association and lease', () => {
    expect(violations(Bndupd, [update()])).toEqual([
      'missing CLIENT_DATA CLIENTID',
      'missing CLIENT_DATA LQ_BASE_TIME',
      'missing CLIENT_DATA IA_NA',
    ])
    expect(violations(Bndupd, [update(client, baseTime, association())])).toEqual(['missing CLIENT_DATA IA_NA IAADDR'])
    const temporary = p.option(p.iaTaOption, { iaid: 1, options: [] })
    expect(violations(Bndupd, [update(client, baseTime, temporary)])).toEqual(['missing CLIENT_DATA IA_TA IAADDR'])
    const delegation = p.option(p.iaPdOption, { iaid: 1, t1: 0, t2: 0, options: [] })
    expect(violations(Bndupd, [update(client, baseTime, delegation)])).toEqual(['missing CLIENT_DATA IA_PD IAPREFIX'])
  })

  it('have status and start time, the latter inside the lease or beside it', () => {
    const place = 'CLIENT_DATA IA_NA IAADDR'
    expect(violations(Bndupd, [update(client, baseTime, association(lease()))])).toEqual([
      `missing ${place} BINDING_STATUS`,
      `missing ${place} START_TIME_OF_STATE`,
    ])
    expect(violations(Bndupd, [update(client, baseTime, association(start, lease(status(Expired))))])).toEqual([])
    expect(violations(Bndupd, [freePrefix()])).toEqual([
      'missing IAPREFIX LQ_BASE_TIME',
      'missing IAPREFIX BINDING_STATUS',
      'missing IAPREFIX START_TIME_OF_STATE',
    ])
  })

  it('have their three timeouts when ACTIVE', () => {
    const place = 'CLIENT_DATA IA_NA IAADDR'
    const active = (...options: p.OptionInstance[]): p.OptionInstance =>
      update(client, baseTime, association(lease(status(Active), start, ...options)))
    expect(violations(Bndupd, [active(...timeouts)])).toEqual([])
    expect(violations(Bndupd, [active()])).toEqual([
      `missing ${place} STATE_EXPIRATION_TIME`,
      `missing ${place} PARTNER_LIFETIME`,
      `missing ${place} EXPIRATION_TIME`,
    ])
  })

  it('in a reply need less, and nothing where they are rejected', () => {
    expect(violations(Bndreply, [update(client, association(lease(status(Active))))])).toEqual([])
    expect(violations(Bndreply, [update(client, association(lease()))])).toEqual([
      'missing CLIENT_DATA IA_NA IAADDR BINDING_STATUS',
    ])
    expect(violations(Bndreply, [update(association(lease(status(Active))))])).toEqual(['missing CLIENT_DATA CLIENTID'])
    expect(violations(Bndreply, [update(rejection)])).toEqual([])
    expect(violations(Bndreply, [update(client, association(lease(rejection)))])).toEqual([])
    expect(violations(Bndreply, [freePrefix(rejection)])).toEqual([])
    expect(violations(Bndreply, [freePrefix()])).toEqual(['missing IAPREFIX BINDING_STATUS'])
  })
})
