/** What is sent in an update, what is echoed, what a refusal sets in motion, and what foreign options do (RFC 8156 sections 7.2 to 7.6). */
import {
  bindingStatusOption,
  clientDataOption,
  clientFqdnOption,
  clientIdOption,
  cltTimeOption,
  dhcpTimeFromNumber,
  dnsFlagsOption,
  dnsHostNameOption,
  dnsRemovalInfoOption,
  dnsZoneNameOption,
  expirationTimeOption,
  findOption,
  iaAddressOption,
  iaNaOption,
  iaPrefixOption,
  lqBaseTimeOption,
  MessageType,
  option,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  partnerRawCltTimeOption,
  reconfigureDataOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  StatusCode,
  statusCodeOption,
  toDhcpTime,
  vssOption,
  VssType,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { addSeconds } from '../../time/instant.ts'
import { buildUpdate } from './build-update.ts'
import {
  address,
  bndreply,
  bndupd,
  clientNumber,
  leased,
  prefix,
  T0,
  UpdatePair,
  type Side,
} from './update-pair.fixture.ts'

const ODD = '2001:db8:1::1001'
const PREFIX = '2001:db8:8000:100::/56'
const alice = clientNumber(1)
const bob = clientNumber(2)

const codesOf = (options: Options): readonly number[] => options.map(({ code }) => code)

/** The options of the only lease of an IA_NA in an update or its answer. */
function addressIn(options: Options | undefined): Options {
  const ia = findOption(findOption(options ?? [], clientDataOption) ?? [], iaNaOption)
  return findOption(ia?.options ?? [], iaAddressOption)?.options ?? []
}

function activeLease(more: Options = [], aheadSeconds = 10, heardSecondsAgo = 0): Options {
  const at = toDhcpTime(addSeconds(T0, aheadSeconds))
  return [
    option(bindingStatusOption, 1),
    option(startTimeOfStateOption, at),
    option(stateExpirationTimeOption, toDhcpTime(addSeconds(T0, aheadSeconds + 3600))),
    option(partnerLifetimeOption, toDhcpTime(addSeconds(T0, aheadSeconds + 9000))),
    option(cltTimeOption, heardSecondsAgo),
    ...more,
  ]
}

function update(lease: Options, more: Options = [], inIa: Options = [], aheadSeconds = 10): readonly OptionInstance[] {
  const carried = option(iaAddressOption, {
    address: address(ODD),
    preferredLifetime: 1800,
    validLifetime: 3600,
    options: lease,
  })
  const base = option(lqBaseTimeOption, toDhcpTime(addSeconds(T0, aheadSeconds)))
  const ia = option(iaNaOption, { iaid: 1, t1: 900, t2: 1440, options: [carried, ...inIa] })
  return [option(clientDataOption, [option(clientIdOption, alice.duid), base, ...more, ia])]
}

/** Hands one BNDUPD of the partner to this side and gives back the answer. */
function receive(pair: UpdatePair, side: Side, options: Options, transactionId = 77): Options | undefined {
  const sentTime = toDhcpTime(pair.now)
  pair.step(side, (step) =>
    side.updates.receive(step, { kind: 'failover', type: bndupd, transactionId, sentTime, options }),
  )
  return side.sentOfType(bndreply).find((message) => message.transactionId === transactionId)?.options
}

describe('an update', () => {
  const full = {
    ...leased(undefined, ODD, alice, T0, 3600),
    partnerHeardClientAt: T0,
    expirationTime: T0,
  }

  test('of a client has exactly the options of its layout, and never a VPN', () => {
    const { options } = buildUpdate(full, T0)
    expect(codesOf(options)).toEqual([clientDataOption.code])
    const container = findOption(options, clientDataOption) ?? []
    expect(codesOf(container)).toEqual([clientIdOption.code, lqBaseTimeOption.code, iaNaOption.code])
    expect(new Set(codesOf(addressIn(options)))).toEqual(
      new Set([
        bindingStatusOption.code,
        startTimeOfStateOption.code,
        stateExpirationTimeOption.code,
        partnerLifetimeOption.code,
        expirationTimeOption.code,
        cltTimeOption.code,
        partnerRawCltTimeOption.code,
      ]),
    )
    const alone = { ...full, ...leased(undefined, PREFIX, alice, T0, 1), client: undefined, statusExpiresAt: undefined }
    const carried = findOption(buildUpdate({ ...alone, status: 'FREE-BACKUP' }, T0).options, iaPrefixOption)
    expect(codesOf(carried?.options ?? [])).toEqual([
      lqBaseTimeOption.code,
      bindingStatusOption.code,
      startTimeOfStateOption.code,
    ])
  })

  test('of a lease that has ended still names its client, and when the client was last heard', () => {
    for (const status of ['EXPIRED', 'RELEASED'] as const) {
      const ended = { ...full, status, statusSince: addSeconds(T0, 3600), statusExpiresAt: undefined }
      const { options } = buildUpdate(ended, addSeconds(T0, 3601))
      const container = findOption(options, clientDataOption) ?? []
      expect(findOption(container, clientIdOption)).toBe(alice.duid)
      // One second after the end, and 3601 after the client: the end is no interaction with it.
      expect(findOption(addressIn(options), cltTimeOption)).toBe(3601)
    }
  })
})

describe('the answer', () => {
  test('echoes PARTNER_LIFETIME and the expiration bit by bit, and says no success', () => {
    for (const lifetime of [0x0000_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      const pair = UpdatePair.inNormal()
      const lease = activeLease().map((each) =>
        each.code === partnerLifetimeOption.code ? option(partnerLifetimeOption, dhcpTimeFromNumber(lifetime)) : each,
      )
      const answer = receive(pair, pair.secondary, update(lease))
      const echoed = addressIn(answer)
      expect(findOption(echoed, partnerLifetimeSentOption)).toBe(lifetime)
      expect(findOption(echoed, stateExpirationTimeOption)).toBe(findOption(lease, stateExpirationTimeOption))
      expect(codesOf(echoed)).toEqual([
        bindingStatusOption.code,
        stateExpirationTimeOption.code,
        partnerLifetimeSentOption.code,
      ])
      expect(codesOf(findOption(answer ?? [], clientDataOption) ?? [])).toEqual([clientIdOption.code, iaNaOption.code])
    }
  })

  test('names the global VPN where the update did, in both kinds of container', () => {
    const pair = UpdatePair.inNormal()
    const vss = option(vssOption, { type: VssType.GlobalDefault, information: new Uint8Array() })
    const answer = receive(pair, pair.secondary, update(activeLease(), [vss]))
    expect(codesOf(findOption(answer ?? [], clientDataOption) ?? [])).toContain(vssOption.code)
    const options = [
      vss,
      option(lqBaseTimeOption, toDhcpTime(T0)),
      option(bindingStatusOption, 6),
      option(startTimeOfStateOption, toDhcpTime(addSeconds(T0, 20))),
    ]
    const alone = option(iaPrefixOption, {
      prefix: prefix(PREFIX),
      preferredLifetime: 0,
      validLifetime: 0,
      options,
    })
    const [mirrored] = receive(pair, pair.secondary, [alone], 78) ?? []
    expect(mirrored?.code).toBe(iaPrefixOption.code)
    expect(codesOf(findOption(mirrored === undefined ? [] : [mirrored], iaPrefixOption)?.options ?? [])).toEqual([
      vssOption.code,
      bindingStatusOption.code,
    ])
  })
})

describe('a refusal', () => {
  /** The secondary's record is a minute newer than what the primary then tells. */
  function withNewerRecord(): UpdatePair {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.wait(60)
    pair.grant(pair.secondary, ODD, alice, 7200)
    pair.deliver()
    for (const side of [pair.primary, pair.secondary]) side.sent.length = 0
    return pair
  }

  test('as outdated makes the lease owed, and does not send it again while it already is', () => {
    const pair = withNewerRecord()
    const old = update(activeLease([], 1, 9))
    const first = receive(pair, pair.secondary, old, 1)
    expect(findOption(addressIn(first), statusCodeOption)?.code).toBe(StatusCode.OutdatedBindingInformation)
    expect(pair.secondary.get(ODD)?.owedToPartner).toBe(true)
    // The answer first, then the own word.
    expect(pair.secondary.sent.map(({ type }) => type)).toEqual([bndreply, bndupd])
    // The partner refuses that: the flag stays, and the same outdated update sets nothing in motion any more.
    const refusal = option(statusCodeOption, { code: StatusCode.OutdatedBindingInformation, message: '' })
    const [sent] = pair.secondary.sentOfType(bndupd)
    const container = findOption(sent?.options ?? [], clientDataOption) ?? []
    pair.step(pair.secondary, (step) =>
      pair.secondary.updates.receive(step, {
        kind: 'failover',
        type: bndreply,
        transactionId: sent?.transactionId ?? 0,
        sentTime: toDhcpTime(pair.now),
        options: [option(clientDataOption, [refusal, ...container])],
      }),
    )
    for (let repeat = 2; repeat < 6; repeat += 1) receive(pair, pair.secondary, old, repeat)
    expect(pair.secondary.sentOfType(bndupd)).toHaveLength(1)
    expect(pair.secondary.sentOfType(bndreply)).toHaveLength(5)
    // The periodic scan is what sends it again.
    pair.wait(10)
    expect(pair.secondary.sentOfType(bndupd)).toHaveLength(2)
  })

  test('with any other code leaves the lease as it was', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, bob)
    pair.deliver()
    const before = pair.primary.get(ODD)
    const inUse = receive(pair, pair.primary, update(activeLease([], -100, 110)), 1)
    expect(findOption(addressIn(inUse), statusCodeOption)?.code).toBe(StatusCode.AddressInUse)
    const incomplete = receive(pair, pair.primary, update([option(bindingStatusOption, 1)]), 2)
    expect(findOption(addressIn(incomplete), statusCodeOption)?.code).toBe(StatusCode.MissingBindingInformation)
    const vpn = option(vssOption, { type: VssType.NvtAscii, information: new Uint8Array([0x61]) })
    const foreign = receive(pair, pair.primary, update(activeLease(), [vpn]), 3)
    const container = findOption(foreign ?? [], clientDataOption) ?? []
    expect(findOption(container, statusCodeOption)?.code).toBe(StatusCode.ConfigurationConflict)
    expect(pair.primary.get(ODD)).toEqual(before)
    expect(pair.primary.get(ODD)?.owedToPartner).toBe(false)
  })
})

describe('when the partner heard the client', () => {
  test('is kept to the second as it was told, whenever the status began, and told back so', () => {
    const pair = UpdatePair.inNormal()
    receive(pair, pair.secondary, update(activeLease([], 3, 4)))
    const stored = pair.secondary.get(ODD)
    expect(stored?.partnerHeardClientAt).toBe(Math.floor(addSeconds(T0, 6) / 1000) * 1000)
    if (stored === undefined) throw new TypeError('the lease is on record')
    const back = addressIn(buildUpdate(stored, addSeconds(T0, 500)).options)
    expect(findOption(back, partnerRawCltTimeOption)).toBe(toDhcpTime(addSeconds(T0, 6)))
  })
})

describe('what is taken over only where it is later', () => {
  test('is when we heard the client by the partner’s word, and what the partner says that it acknowledged', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, ODD, alice)
    pair.deliver()
    const before = pair.secondary.get(ODD)
    const tell = (aheadSeconds: number, transactionId: number): void => {
      const times = [
        option(partnerRawCltTimeOption, toDhcpTime(addSeconds(T0, aheadSeconds))),
        option(expirationTimeOption, toDhcpTime(addSeconds(T0, aheadSeconds))),
      ]
      const lease = activeLease(times, 600 + transactionId)
      receive(pair, pair.secondary, update(lease, [], [], 600 + transactionId), transactionId)
    }
    tell(-1000, 1)
    expect(pair.secondary.get(ODD)).toMatchObject({
      clientHeardAt: before?.clientHeardAt,
      ackedPartnerLifetime: before?.ackedPartnerLifetime,
      partnerLifetime: undefined,
    })
    const later = 1_000_000
    tell(later, 2)
    const at = Math.floor(addSeconds(T0, later) / 1000) * 1000
    expect(pair.secondary.get(ODD)).toMatchObject({ clientHeardAt: at, partnerLifetime: at })
  })
})

describe('every update', () => {
  test.each(['PARTNER-DOWN', 'COMMUNICATIONS-INTERRUPTED', 'RECOVER', 'POTENTIAL-CONFLICT', 'CONFLICT-DONE'] as const)(
    'is taken in every state in which there is contact: %s',
    (state) => {
      const pair = UpdatePair.inNormal()
      pair.primary.state = state
      const answer = receive(pair, pair.primary, update(activeLease()))
      expect(findOption(addressIn(answer), bindingStatusOption)).toBe(1)
      expect(pair.primary.get(ODD)).toMatchObject({ status: 'ACTIVE', client: { duid: alice.duid } })
    },
  )

  test('is never sent of an address that no client ever had', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    const known = pair.primary.get(ODD)
    if (known === undefined) throw new TypeError('the lease is on record')
    pair.deliver()
    pair.primary.sent.length = 0
    const nobodys = { ...known, status: 'FREE', client: undefined, statusExpiresAt: undefined } as const
    pair.step(pair.primary, (step) => step.changeBinding({ ...nobodys, prefix: prefix('2001:db8:1::1003') }, 'client'))
    pair.wait(10)
    expect(pair.primary.sentOfType(bndupd)).toEqual([])
    for (const type of [MessageType.Updreq, MessageType.Updreqall]) {
      const request = { kind: 'failover', type, transactionId: type, sentTime: toDhcpTime(T0), options: [] } as const
      pair.step(pair.primary, (step) => pair.primary.updates.receive(step, request))
      pair.deliver()
    }
    const told = pair.primary.sentOfType(bndupd).map(({ options }) => findOption(options, clientDataOption))
    // The lease of alice and the block of prefixes, and nothing for the address.
    expect(new Set(told.map((container) => findOption(container ?? [], clientIdOption)))).toEqual(
      new Set([alice.duid, undefined]),
    )
    expect(told).toHaveLength(2)
    expect(pair.primary.sentOfType(MessageType.Upddone)).toHaveLength(2)
  })
})

describe('options that this server has no use for', () => {
  const removal = option(dnsRemovalInfoOption, [
    option(dnsHostNameOption, 'host'),
    option(dnsZoneNameOption, 'example.org'),
    option(dnsFlagsOption, {
      usingRequestedFqdn: true,
      synthesizedName: false,
      reverseUpToDate: true,
      forwardUpToDate: true,
    }),
  ])
  const key = option(reconfigureDataOption, { reconfigureTime: toDhcpTime(T0), key: new Uint8Array(16) })
  const unknown: OptionInstance = { code: 65_001, value: new Uint8Array([1, 2, 3]) }

  test('are taken at every level, change nothing of the lease, and are not echoed', () => {
    const pair = UpdatePair.inNormal()
    const options = update(activeLease([removal, unknown]), [key, unknown, removal], [removal, unknown])
    const answer = receive(pair, pair.secondary, [...options, unknown])
    expect(findOption(addressIn(answer), statusCodeOption)).toBeUndefined()
    expect(pair.secondary.get(ODD)).toMatchObject({ status: 'ACTIVE', client: { duid: alice.duid } })
    const container = findOption(answer ?? [], clientDataOption) ?? []
    expect(codesOf(container)).toEqual([clientIdOption.code, iaNaOption.code])
    expect(codesOf(answer ?? [])).toEqual([clientDataOption.code])
    const plain = UpdatePair.inNormal()
    receive(plain, plain.secondary, update(activeLease()))
    expect(pair.secondary.get(ODD)).toEqual(plain.secondary.get(ODD))
  })

  test('are not the name of the client: it follows what the partner tells, and stays where it says nothing', () => {
    const pair = UpdatePair.inNormal()
    const named = (domainName: string): OptionInstance =>
      option(clientFqdnOption, { flags: 0, domainName, fullyQualified: true })
    receive(pair, pair.secondary, update(activeLease([named('one.example.org')])), 1)
    const first = pair.secondary.get(ODD)?.clientFqdn
    expect(first).toBeDefined()
    receive(pair, pair.secondary, update(activeLease([], 40), [], [], 40), 2)
    expect(pair.secondary.get(ODD)?.clientFqdn).toEqual(first)
    receive(pair, pair.secondary, update(activeLease([named('other.example.org')], 80), [], [], 80), 3)
    expect(pair.secondary.get(ODD)?.clientFqdn).not.toEqual(first)
    expect(new TextDecoder().decode(pair.secondary.get(ODD)?.clientFqdn)).toContain('other')
  })

  test('say that the partner keeps DNS records, which is told once for a connection', () => {
    const pair = UpdatePair.inNormal()
    const noticesOf = (options: Options): readonly unknown[] =>
      pair.step(pair.secondary, (step) =>
        pair.secondary.updates.receive(step, {
          kind: 'failover',
          type: MessageType.Bndupd,
          transactionId: 5,
          sentTime: toDhcpTime(pair.now),
          options,
        }),
      ).notices
    const dns = update(activeLease([removal]))
    expect(noticesOf(update(activeLease()))).not.toContainEqual(expect.objectContaining({ kind: 'dns-data-ignored' }))
    expect(noticesOf(dns)).toContainEqual({ kind: 'dns-data-ignored', relationship: 'pair' })
    expect(noticesOf(dns)).not.toContainEqual(expect.objectContaining({ kind: 'dns-data-ignored' }))
    pair.cut()
    pair.connect()
    expect(noticesOf(update(activeLease([removal], 30)))).toContainEqual(
      expect.objectContaining({ kind: 'dns-data-ignored' }),
    )
  })
})
