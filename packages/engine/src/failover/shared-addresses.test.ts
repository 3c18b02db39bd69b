/** Address pools whose free addresses have an owner and are evened out like prefixes (docs/decisions/0078). */
import {
  bindingStatusOption,
  duidFromHex,
  findOption,
  findOptions,
  iaAddressOption,
  MessageType,
  type Duid,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, type FailoverPair } from '../../test-support/failover-pair.ts'
import {
  clientSends,
  configureSubnet,
  ia,
  leasesOf,
  named,
  recordAt,
  servingPair,
  to,
} from '../../test-support/pair-clients.ts'
import type { Role, Subnet } from '../configuration/configuration.ts'

const stranger = (number: number): Duid => duidFromHex(`000300010c00000000${(0x10 + number).toString(16)}`)

function pools(allocation: 'independent' | 'proportional', last = '2001:db8:1::1f'): Pick<Subnet, 'addressPools'> {
  const ends = { first: address('2001:db8:1::10'), last: address(last) }
  return { addressPools: [{ id: 'addresses', ...ends, ...(allocation === 'proportional' ? { allocation } : {}) }] }
}

const shared = (last?: string): FailoverPair => servingPair(pools('proportional', last))

function request(pair: FailoverPair, role: Role, number: number): string | undefined {
  return leasesOf(clientSends(pair, role, MessageType.Request, [...to(pair, role, stranger(number)), ia(1)]))[0]
}

const given = (pair: FailoverPair, role: Role, from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => request(pair, role, from + at) ?? []).flat()

function counts(pair: FailoverPair, role: Role) {
  const [pool] = pair.server(role).engine?.snapshot(pair.now).pools ?? []
  return [pool?.total, pool?.leased, pool?.ownFree, pool?.partnerFree, pool?.waiting]
}

function cut(pair: FailoverPair): void {
  pair.isNetworkUp = false
  pair.run(12)
}

function join(pair: FailoverPair): void {
  pair.isNetworkUp = true
  pair.run(15)
}

describe('a proportional address pool', () => {
  it('is shared out by updates that name one address each, without a client', () => {
    const pair = shared()
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(counts(pair, 'primary')).toEqual([16n, 0n, 8n, 8n, 0n])
    expect(counts(pair, 'secondary')).toEqual([16n, 0n, 8n, 8n, 0n])
    const told = pair.sent.flatMap(({ from, message }) =>
      from === 'primary' && message.type === MessageType.Bndupd ? findOptions(message.options, iaAddressOption) : [],
    )
    expect(told).toHaveLength(8)
    for (const role of ['primary', 'secondary'] as const) expect(pair.view(role).updatesOwed).toBe(0)
    for (const { options } of told) expect(findOption(options, bindingStatusOption)).toBe(6)
    expect(pair.sentText().filter((text) => text === 'S POOLREQ').length).toBeGreaterThan(0)
  })

  it('with an odd range and an odd number of addresses is shared out all the same', () => {
    const pair = shared('2001:db8:1::16')
    expect(counts(pair, 'primary')).toEqual([7n, 0n, 4n, 3n, 0n])
  })

  it('of 16,384 addresses is shared out within a minute', () => {
    const ends = { first: address('2001:db8:1::1:0'), last: address('2001:db8:1::1:3fff') }
    const pair = servingPair({
      addressPools: [{ id: 'addresses', ...ends, allocation: 'proportional' }],
      prefixPools: [],
    })
    pair.run(60)
    const [total, leased, own, partners] = counts(pair, 'secondary')
    expect([total, leased, (own ?? 0n) + (partners ?? 0n)]).toEqual([16_384n, 0n, 16_384n])
    // Half, but for the tenth of the total by which it may be off.
    expect(own).toBeGreaterThanOrEqual(8_192n - 1_639n)
    expect(pair.view('primary').updatesOwed).toBe(0)
  })

  it('lets each server give what it owns, odd or even, and never what the partner owns', () => {
    const pair = shared()
    cut(pair)
    const [atPrimary, atSecondary] = [given(pair, 'primary', 1, 12), given(pair, 'secondary', 21, 12)]
    expect([atPrimary.length, atSecondary.length]).toEqual([8, 8])
    expect(new Set([...atPrimary, ...atSecondary]).size).toBe(16)
    join(pair)
    expect(counts(pair, 'primary')).toEqual([16n, 16n, 0n, 0n, 0n])
    expect(counts(pair, 'secondary')).toEqual([16n, 16n, 0n, 0n, 0n])
  })

  it('is evened out again when one side has given much away', () => {
    const pair = shared()
    given(pair, 'primary', 1, 7)
    pair.run(25)
    const [total, leased, own, partners] = counts(pair, 'primary')
    expect([total, leased]).toEqual([16n, 7n])
    expect(new Set([own, partners])).toEqual(new Set([4n, 5n]))
    given(pair, 'primary', 11, 4)
    pair.run(25)
    expect(counts(pair, 'primary')[2]).toBeGreaterThanOrEqual(2n)
  })

  it('gets back what has ended, for the primary first', () => {
    const pair = shared()
    const lease = request(pair, 'secondary', 1) ?? ''
    expect(recordAt(pair, 'secondary', lease)?.status).toBe('ACTIVE')
    pair.run(6)
    clientSends(pair, 'secondary', MessageType.Release, [...to(pair, 'secondary', stranger(1)), ia(1, named(lease))])
    pair.run(1)
    for (const role of ['primary', 'secondary'] as const) expect(recordAt(pair, role, lease)?.status).toBe('FREE')
    expect(counts(pair, 'primary')).toEqual([16n, 0n, 9n, 7n, 0n])
  })

  it('in PARTNER-DOWN gives its own until there is none, and the partner’s after MCLT', () => {
    const pair = shared()
    pair.kill('primary')
    pair.run(1)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    expect(given(pair, 'secondary', 1, 10)).toHaveLength(8)
    pair.run(61)
    expect(given(pair, 'secondary', 1, 16)).toHaveLength(16)
  })

  it('serves on after a restart without contact', () => {
    const pair = shared()
    pair.kill('primary')
    pair.kill('secondary')
    pair.start('secondary')
    pair.run(8)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(given(pair, 'secondary', 1, 10)).toHaveLength(8)
  })

  it('outlives a restart of either server, and the loss of a disk', () => {
    const pair = shared()
    pair.kill('secondary')
    pair.loseStorage('secondary')
    pair.start('secondary')
    pair.run(80)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(counts(pair, 'secondary')).toEqual([16n, 0n, 8n, 8n, 0n])
    pair.kill('primary')
    pair.start('primary')
    pair.run(15)
    expect(counts(pair, 'primary')).toEqual([16n, 0n, 8n, 8n, 0n])
  })
})

describe('a pool that is proportional on one server only', () => {
  for (const role of ['primary', 'secondary'] as const) {
    it(`the ${role}: keeps them apart, with a reason that both can read, and nothing is told of it`, () => {
      const pair = servingPair()
      pair.kill(role)
      configureSubnet(pair, role, pools('proportional'))
      pair.start(role)
      pair.run(30)
      expect(pair.states()).not.toContain('NORMAL')
      const problem = /proportional address pools/u
      expect(pair.view('primary').connection.lastProblem).toMatch(problem)
      expect(pair.view('secondary').connection.lastProblem).toMatch(problem)
      const alone = pair.sent.filter(({ message }) => findOptions(message.options, iaAddressOption).length > 0)
      expect(alone).toEqual([])
    })
  }
})

describe('a change of the allocation', () => {
  it('keeps back new leases of the server that has it until both have it and told each other all', () => {
    const pair = servingPair(pools('independent'))
    cut(pair)
    const untold = given(pair, 'secondary', 1, 4)
    expect(untold).toHaveLength(4)
    pair.kill('primary')
    configureSubnet(pair, 'primary', pools('proportional'))
    pair.start('primary')
    pair.run(8)
    // Under the new allocation these addresses are the primary's to give.
    expect(given(pair, 'primary', 21, 16)).toEqual([])
    pair.kill('secondary')
    configureSubnet(pair, 'secondary', pools('proportional'))
    pair.start('secondary')
    join(pair)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    const after = given(pair, 'primary', 21, 16)
    expect(after.length).toBeGreaterThan(3)
    expect(after.filter((lease) => untold.includes(lease))).toEqual([])
    expect(pair.primary.endpoint?.state).toBe('NORMAL')
  })

  it('back to halves tells nobody of free addresses any more', () => {
    const pair = shared()
    for (const role of ['primary', 'secondary'] as const) pair.kill(role)
    for (const role of ['primary', 'secondary'] as const) configureSubnet(pair, role, pools('independent'))
    pair.startBoth()
    pair.run(20)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(counts(pair, 'primary')).toEqual([16n, 0n, 8n, 8n, 0n])
    expect(given(pair, 'primary', 1, 10)).toHaveLength(8)
  })
})
