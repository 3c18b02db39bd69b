/** Leases that outlive the configuration under which they were made: what a start with another one does with them. */
import { parseIpv6Address } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair, testRelationship, type TestServer } from '../../test-support/failover-pair.ts'
import type { EngineConfiguration, Role, Subnet } from '../configuration/configuration.ts'

function change(server: TestServer, subnet: Partial<Subnet>, changes: Partial<EngineConfiguration> = {}): void {
  const before = server.configuration
  server.configuration = { ...before, subnets: before.subnets.map((old) => ({ ...old, ...subnet })), ...changes }
}

function stop(pair: FailoverPair, ...roles: readonly Role[]): void {
  for (const role of roles) pair.kill(role)
}

function served(): FailoverPair {
  const pair = new FailoverPair()
  pair.startBoth()
  pair.run(3)
  pair.requestAddress('primary', 1)
  pair.run(1)
  return pair
}

function statuses(server: TestServer): readonly string[] {
  return [...server.bindings.values()].map(({ status, relationship }) => `${status} ${relationship ?? 'alone'}`)
}

describe('a start with another configuration', () => {
  it('without the relationship serves its leases alone to their end', () => {
    const pair = served()
    stop(pair, 'primary', 'secondary')
    change(pair.primary, { relationship: undefined }, { relationships: [] })
    pair.start('primary')
    pair.requestAddress('primary', 1)
    expect(statuses(pair.primary)).toEqual(['ACTIVE alone'])
    pair.run(7300)
    expect(statuses(pair.primary)).toEqual(['FREE alone'])
  })

  it('without the subnet lets its leases run out', () => {
    const pair = served()
    stop(pair, 'primary')
    change(pair.primary, {}, { subnets: [], relationships: [] })
    pair.start('primary')
    pair.run(7300)
    expect(statuses(pair.primary)).toEqual(['FREE alone'])
  })

  it('with a relationship where there was none tells the partner of every lease in use', () => {
    const pair = new FailoverPair()
    change(pair.primary, { relationship: undefined }, { relationships: [] })
    pair.start('primary')
    pair.requestAddress('primary', 1)
    pair.requestAddress('primary', 2)
    expect([...pair.primary.bindings.keys()]).toHaveLength(2)
    stop(pair, 'primary')
    change(pair.primary, { relationship: 'pair' }, { relationships: [testRelationship('primary')] })
    pair.startBoth()
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(statuses(pair.secondary)).toEqual(['ACTIVE pair', 'ACTIVE pair'])
    expect([...pair.primary.bindings.values()].every(({ owedToPartner }) => !owedToPartner)).toBe(true)
  })

  it('with a smaller pool neither forgets nor renews for ever a lease outside it', () => {
    const pair = served()
    stop(pair, 'primary', 'secondary')
    const first = parseIpv6Address('2001:db8:1::2000')
    const last = parseIpv6Address('2001:db8:1::2fff')
    if (first === undefined || last === undefined) throw new Error('they are addresses')
    for (const server of [pair.primary, pair.secondary]) {
      change(server, { addressPools: [{ id: 'addresses', first, last }] })
    }
    pair.startBoth()
    pair.run(5)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    pair.run(7300)
    expect(statuses(pair.primary)).not.toContain('ACTIVE pair')
  })
})

describe('a pool that is missing while all is fetched anew', () => {
  /** The primary comes back without its disk, and with a pool in which the lease of client 1 does not lie. */
  function fetchedWithSmallPool(): FailoverPair {
    const pair = served()
    // The second time for the whole lifetime.
    pair.requestAddress('primary', 1)
    pair.run(1)
    stop(pair, 'primary')
    pair.loseStorage('primary')
    change(pair.primary, { addressPools: [pool('2001:db8:1::2000', '2001:db8:1::2fff')] })
    pair.start('primary')
    pair.run(3)
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(statuses(pair.primary)).toEqual([])
    return pair
  }

  function restartWithTheWholePool(pair: FailoverPair): void {
    stop(pair, 'primary')
    change(pair.primary, { addressPools: [pool('2001:db8:1::1000', '2001:db8:1::1fff')] })
    pair.start('primary')
  }

  function pool(from: string, to: string): Subnet['addressPools'][number] {
    const [first, last] = [parseIpv6Address(from), parseIpv6Address(to)]
    if (first === undefined || last === undefined) throw new Error('they are addresses')
    return { id: 'addresses', first, last }
  }

  it('is fetched once more when it is there, in the same wait and before anybody is answered', () => {
    const pair = fetchedWithSmallPool()
    const { timeOfFailure } = pair.primary.endpoint ?? {}
    expect(pair.primary.endpoint?.fullResyncOwed).toBe(true)
    pair.sent.length = 0
    restartWithTheWholePool(pair)
    pair.run(3)
    expect(pair.sentText()).toContain('P UPDREQALL')
    expect(pair.states()).toBe('RECOVER-WAIT / COMMUNICATIONS-INTERRUPTED')
    expect(statuses(pair.primary)).toEqual(['ACTIVE pair'])
    expect(pair.primary.endpoint).toMatchObject({ fullResyncOwed: false, timeOfFailure })
  })

  it('is told of where it is there only after the recovery, though acknowledged before the loss', () => {
    const pair = fetchedWithSmallPool()
    expect([...pair.secondary.bindings.values()]).toMatchObject([{ status: 'ACTIVE', owedToPartner: true }])
    pair.run(60)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(pair.primary.endpoint?.fullResyncOwed).toBe(false)
    restartWithTheWholePool(pair)
    pair.run(3)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(statuses(pair.primary)).toEqual(['ACTIVE pair'])
    expect([...pair.secondary.bindings.values()]).toMatchObject([{ status: 'ACTIVE', owedToPartner: false }])
  })

  it('leaves nothing owed where all could be taken', () => {
    const pair = served()
    stop(pair, 'primary')
    pair.loseStorage('primary')
    pair.start('primary')
    pair.run(3)
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
    expect(pair.primary.endpoint?.fullResyncOwed).toBe(false)
    pair.sent.length = 0
    stop(pair, 'primary')
    pair.start('primary')
    pair.run(3)
    expect(pair.sentText()).not.toContain('P UPDREQALL')
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
  })
})

describe('another MCLT', () => {
  function restartedApart(mcltSeconds: number): FailoverPair {
    const pair = served()
    stop(pair, 'primary')
    pair.isNetworkUp = false
    change(pair.primary, {}, { relationships: [testRelationship('primary', { mcltSeconds })] })
    pair.start('primary')
    pair.run(6)
    expect(pair.view('primary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    return pair
  }

  function granted(pair: FailoverPair): number | undefined {
    pair.requestAddress('primary', 7)
    return [...pair.primary.bindings.values()].at(-1)?.validSeconds
  }

  it('is in force once the partner knows of it', () => {
    const pair = restartedApart(3600)
    expect(granted(pair)).toBe(60)
    pair.isNetworkUp = true
    pair.run(15)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    pair.requestAddress('primary', 8)
    expect([...pair.primary.bindings.values()].at(-1)?.validSeconds).toBe(3600)
    expect(pair.secondary.endpoint?.mcltSeconds).toBe(3600)
  })

  it('that is shorter shortens no wait for what the partner may have promised under the longer one', () => {
    const pair = restartedApart(30)
    expect(granted(pair)).toBe(30)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    expect(pair.view('primary').mcltSeconds).toBe(60)
  })
})
