/** What a BNDUPD must hold, lease by lease, and how it is answered (RFC 8156 sections 7.4 to 7.7). */
import {
  bindingStatusOption,
  clientDataOption,
  clientFqdnOption,
  clientIdOption,
  cltTimeOption,
  decodeStreamMessage,
  encodeStreamMessage,
  expirationTimeOption,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  lqBaseTimeOption,
  lqRelayDataOption,
  MessageType,
  option,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  partnerRawCltTimeOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  StatusCode,
  statusCodeOption,
  toDhcpTime,
  vssOption,
  type DhcpTime,
  type Ipv6Address,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Binding } from '../../bindings/binding.ts'
import { addSeconds, instant } from '../../time/instant.ts'
import { buildUpdate } from './build-update.ts'
import { isRefusal, readUpdate } from './read-update.ts'
import { address, bndreply, clientNumber, leased, prefix, Side, T0, UpdatePair } from './update-pair.fixture.ts'

const ODD = '2001:db8:1::1001'
const EVEN = '2001:db8:1::1002'
const PREFIX = '2001:db8:8000:100::/56'
const alice = clientNumber(1)
const base = toDhcpTime(T0)

const at = (seconds: number): DhcpTime => toDhcpTime(addSeconds(T0, seconds))

function activeOptions(): Options {
  return [
    option(bindingStatusOption, 1),
    option(startTimeOfStateOption, base),
    option(stateExpirationTimeOption, at(3600)),
    option(partnerLifetimeOption, at(9000)),
    option(expirationTimeOption, toDhcpTime(addSeconds(T0, -10))),
    option(cltTimeOption, 0),
  ]
}

function iaAddress(text: string, options: Options = activeOptions()): OptionInstance {
  return option(iaAddressOption, { address: address(text), preferredLifetime: 1800, validLifetime: 3600, options })
}

function iaNa(iaid: number, options: Options): OptionInstance {
  return option(iaNaOption, { iaid, t1: 900, t2: 1440, options })
}

function clientData(...options: readonly OptionInstance[]): OptionInstance {
  return option(clientDataOption, [option(clientIdOption, alice.duid), option(lqBaseTimeOption, base), ...options])
}

/** Hands these options to a fresh secondary as one BNDUPD and gives back its answer. */
function receive(...options: readonly OptionInstance[]): { readonly side: Side; readonly answer: Options | undefined } {
  const pair = new UpdatePair(new Side('primary', {}), new Side('secondary', {}))
  const side = pair.secondary
  pair.step(side, (step) =>
    side.updates.receive(step, {
      kind: 'failover',
      type: MessageType.Bndupd,
      transactionId: 7,
      sentTime: base,
      options,
    }),
  )
  const [reply] = side.sentOfType(bndreply)
  if (reply !== undefined) expect(reply.transactionId).toBe(7)
  return { side, answer: reply?.options }
}

function statusIn(options: Options | undefined): number | undefined {
  return findOption(options ?? [], statusCodeOption)?.code
}

function without(options: Options, code: number): Options {
  return options.filter((instance) => instance.code !== code)
}

describe('several leases in one update', () => {
  test('several IAs and several leases of an IA are all stored', () => {
    const { side, answer } = receive(
      clientData(
        iaNa(1, [iaAddress(ODD), iaAddress(EVEN)]),
        option(iaTaOption, { iaid: 1, options: [iaAddress('2001:db8:1::1003')] }),
        option(iaPdOption, {
          iaid: 1,
          t1: 1,
          t2: 2,
          options: [
            option(iaPrefixOption, {
              prefix: prefix(PREFIX),
              preferredLifetime: 1,
              validLifetime: 2,
              options: activeOptions(),
            }),
          ],
        }),
      ),
    )
    expect(side.get(ODD)).toMatchObject({ status: 'ACTIVE', client: alice, t1Seconds: 900, validSeconds: 3600 })
    expect(side.get(EVEN)?.client?.iaType).toBe('IA_NA')
    expect(side.get('2001:db8:1::1003')?.client?.iaType).toBe('IA_TA')
    expect(side.get(PREFIX)?.client?.iaType).toBe('IA_PD')
    const container = findOption(answer ?? [], clientDataOption) ?? []
    expect(statusIn(container)).toBeUndefined()
    expect(findOption(container, clientIdOption)).toBe(alice.duid)
    const [na] = findOptions(container, iaNaOption)
    const [lease] = findOptions(na?.options ?? [], iaAddressOption)
    expect(lease?.options).toEqual([
      option(bindingStatusOption, 1),
      option(stateExpirationTimeOption, at(3600)),
      option(partnerLifetimeSentOption, at(9000)),
    ])
  })

  test('only the wrong one is refused', () => {
    const { side, answer } = receive(clientData(iaNa(1, [iaAddress('2001:db8:bad::1'), iaAddress(ODD)])))
    const container = findOption(answer ?? [], clientDataOption) ?? []
    const ia = findOption(container, iaNaOption)
    const leases = findOptions(ia?.options ?? [], iaAddressOption)
    expect(statusIn(container)).toBeUndefined()
    expect(leases.map((lease) => statusIn(lease.options))).toEqual([StatusCode.ConfigurationConflict, undefined])
    expect(side.get(ODD)?.status).toBe('ACTIVE')
  })
})

describe('what is missing or foreign', () => {
  const lease = iaNa(1, [iaAddress(ODD)])
  const cases: readonly (readonly [string, OptionInstance, number])[] = [
    ['no client identifier', option(clientDataOption, [option(lqBaseTimeOption, base), lease]), 18],
    ['no base time', option(clientDataOption, [option(clientIdOption, alice.duid), lease]), 18],
    ['no identity association', clientData(), 18],
    ['an identity association without a lease', clientData(lease, iaNa(2, [])), 18],
    [
      'a VPN that we do not have',
      clientData(option(vssOption, { type: 0, information: new Uint8Array([65]) }), lease),
      17,
    ],
  ]
  for (const [name, container, code] of cases) {
    test(`${name} refuses the whole update with ${code}`, () => {
      const { side, answer } = receive(container)
      expect(statusIn(findOption(answer ?? [], clientDataOption))).toBe(code)
      expect(side.table.size).toBe(0)
    })
  }

  test('the global VPN is ours', () => {
    const { side } = receive(clientData(option(vssOption, { type: 255, information: new Uint8Array() }), lease))
    expect(side.table.size).toBe(1)
  })

  for (const missing of [
    bindingStatusOption,
    startTimeOfStateOption,
    stateExpirationTimeOption,
    partnerLifetimeOption,
  ]) {
    test(`an ACTIVE lease without ${missing.name} is refused with 18`, () => {
      const { side, answer } = receive(clientData(iaNa(1, [iaAddress(ODD, without(activeOptions(), missing.code))])))
      const ia = findOption(findOption(answer ?? [], clientDataOption) ?? [], iaNaOption)
      expect(statusIn(findOption(ia?.options ?? [], iaAddressOption)?.options)).toBe(18)
      expect(side.table.size).toBe(0)
    })
  }

  test('a start time of state at the level of the IA is read too', () => {
    const leaseWithout = iaAddress(ODD, without(activeOptions(), startTimeOfStateOption.code))
    const { side } = receive(clientData(iaNa(1, [leaseWithout, option(startTimeOfStateOption, at(-50))])))
    expect(side.get(ODD)?.statusSince).toBe(instant(Math.floor(addSeconds(T0, -50) / 1000) * 1000))
  })

  test('two containers are refused in the first of them', () => {
    const { side, answer } = receive(clientData(lease), clientData(lease))
    expect(answer).toHaveLength(1)
    expect(statusIn(findOption(answer ?? [], clientDataOption))).toBe(18)
    expect(side.table.size).toBe(0)
  })

  test('an update without any container cannot be answered and ends the connection', () => {
    const { side, answer } = receive()
    expect(answer).toBeUndefined()
    expect(side.disconnects).toEqual([StatusCode.MissingBindingInformation])
  })

  test('a prefix on its own that is ACTIVE, or not of this relationship, is refused', () => {
    const alone = (text: string, status: number): OptionInstance =>
      option(iaPrefixOption, {
        prefix: prefix(text),
        preferredLifetime: 0,
        validLifetime: 0,
        options: [
          option(lqBaseTimeOption, base),
          option(bindingStatusOption, status),
          option(startTimeOfStateOption, base),
        ],
      })
    const refusalOf = (instance: OptionInstance): number | undefined =>
      statusIn(findOption(receive(instance).answer ?? [], iaPrefixOption)?.options)
    expect(refusalOf(alone(PREFIX, 1))).toBe(18)
    expect(refusalOf(alone('2001:db8:9000::/56', 6))).toBe(17)
    expect(refusalOf(alone('2001:db8:8000::/60', 6))).toBe(17)
    expect(refusalOf(alone('2001:db8:8000::/49', 6))).toBeUndefined()
  })

  test('PENDING-FREE is taken as what it becomes, and echoed', () => {
    const free = [option(bindingStatusOption, 4), option(startTimeOfStateOption, base)]
    const { side, answer } = receive(clientData(iaNa(1, [iaAddress(EVEN, free)])))
    expect(side.get(EVEN)?.status).toBe('FREE-BACKUP')
    const ia = findOption(findOption(answer ?? [], clientDataOption) ?? [], iaNaOption)
    expect(findOption(findOption(ia?.options ?? [], iaAddressOption)?.options ?? [], bindingStatusOption)).toBe(4)
  })
})

describe('built and read again', () => {
  const relayData = new Uint8Array([...new Uint8Array(16).fill(1), 12, 0, 1, 2])
  const fqdn = new Uint8Array([1, 4, 104, 111, 115, 116, 7, 101, 120, 97, 109, 112, 108, 101, 0])
  const full: Binding = {
    ...leased(undefined, ODD, alice, instant(T0 - 400), 3600),
    partnerHeardClientAt: instant(T0 - 5_400),
    partnerLifetime: addSeconds(instant(T0 - 400), 9000),
    expirationTime: addSeconds(instant(T0 - 400), 500),
    relayData,
    clientFqdn: fqdn,
  }

  function readBack(binding: Binding): object {
    const { options } = buildUpdate(binding, addSeconds(T0, 30))
    const message = { kind: 'failover', type: MessageType.Bndupd, transactionId: 1, sentTime: base, options } as const
    const decoded = decodeStreamMessage(encodeStreamMessage(message).slice(2))
    if (!decoded.ok) throw new TypeError('it can be decoded')
    const update = readUpdate(decoded.value.options, addSeconds(T0, 31))
    if (update.container === 'none' || isRefusal(update.content)) throw new TypeError('it can be read')
    const [entry] = update.content
    if (entry === undefined || isRefusal(entry.lease)) throw new TypeError('its lease can be read')
    return entry.lease
  }

  test('a lease says the same as it did', () => {
    expect(readBack(full)).toEqual({
      kind: 'address',
      prefix: full.prefix,
      client: alice,
      t1Seconds: 1800,
      t2Seconds: 2880,
      preferredSeconds: 3600,
      validSeconds: 3600,
      relayData,
      clientFqdn: fqdn,
      status: 'ACTIVE',
      statusSince: full.statusSince,
      statusExpiresAt: full.statusExpiresAt,
      clientHeardAt: full.clientHeardAt,
      partnerRawCltTime: full.partnerHeardClientAt,
      partnerLifetime: full.partnerLifetime,
      expirationTime: full.expirationTime,
    })
  })

  test('IA_TA and IA_PD come back as what they are', () => {
    expect(readBack({ ...full, client: { ...alice, iaType: 'IA_TA' } })).toMatchObject({ client: { iaType: 'IA_TA' } })
    const pd = leased(undefined, PREFIX, { ...alice, iaType: 'IA_PD' }, T0, 60)
    expect(readBack(pd)).toMatchObject({ kind: 'prefix', prefix: prefix(PREFIX), client: { iaType: 'IA_PD' } })
  })

  test('times of a status with a timeout appear with it and never without', () => {
    const timed = [stateExpirationTimeOption, partnerLifetimeOption, expirationTimeOption].map(({ code }) => code)
    const codesOf = (binding: Binding): readonly number[] => {
      const container = findOption(buildUpdate(binding, T0).options, clientDataOption)
      const ia = findOption(container ?? [], iaNaOption)
      return (findOption(ia?.options ?? [], iaAddressOption)?.options ?? []).map(({ code }) => code)
    }
    expect(codesOf({ ...full, expirationTime: undefined })).toEqual(expect.arrayContaining(timed))
    const ended = codesOf({ ...full, status: 'EXPIRED', statusExpiresAt: undefined })
    for (const code of timed) expect(ended).not.toContain(code)
    expect(ended).toContain(partnerRawCltTimeOption.code)
  })

  test('no real interaction, no CLT_TIME; and the expiry is never one', () => {
    const container = findOption(buildUpdate({ ...full, clientHeardAt: undefined }, T0).options, clientDataOption)
    const ia = findOption(container ?? [], iaNaOption)
    expect(findOption(findOption(ia?.options ?? [], iaAddressOption)?.options ?? [], cltTimeOption)).toBeUndefined()
  })

  test('octets that are no name, or no relay data, leave the rest of the update whole', () => {
    const broken = { ...full, clientFqdn: new Uint8Array([1, 200, 1]), relayData: new Uint8Array([1]) }
    expect(readBack(broken)).toMatchObject({ clientFqdn: undefined, relayData: undefined, status: 'ACTIVE' })
    const container = findOption(buildUpdate(broken, T0).options, clientDataOption) ?? []
    expect(findOption(container, lqRelayDataOption)).toBeUndefined()
    expect(findOption(container, clientFqdnOption)).toBeUndefined()
  })

  test('a prefix tied to nobody travels on its own, with base time and status', () => {
    const block: Binding = {
      ...leased(undefined, '2001:db8:8000::/49', alice, T0, 1),
      client: undefined,
      status: 'FREE-BACKUP',
      statusExpiresAt: undefined,
    }
    const [container] = buildUpdate(block, T0).options
    expect(container?.code).toBe(iaPrefixOption.code)
    expect(readBack(block)).toMatchObject({ status: 'FREE-BACKUP', client: undefined, clientHeardAt: undefined })
  })
})

describe('an update with very many leases', () => {
  test('is answered lease by lease within a frame, with fewer words', () => {
    const leases = Array.from({ length: 1500 }, (_, number) =>
      option(iaAddressOption, {
        address: (address('2001:db8:99::') + BigInt(number)) as Ipv6Address,
        preferredLifetime: 0,
        validLifetime: 0,
        options: [option(bindingStatusOption, 5), option(startTimeOfStateOption, base)],
      }),
    )
    const { side, answer } = receive(clientData(iaNa(1, [iaAddress(ODD), ...leases])))
    const ia = findOption(findOption(answer ?? [], clientDataOption) ?? [], iaNaOption)
    const answered = findOptions(ia?.options ?? [], iaAddressOption)
    expect(answered).toHaveLength(1501)
    expect(findOption(answered.at(-1)?.options ?? [], statusCodeOption)?.code).toBe(StatusCode.ConfigurationConflict)
    expect(side.get(ODD)?.status).toBe('ACTIVE')
  })
})
