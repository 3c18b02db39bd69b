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
    pair.isNetworkUp = true
    pair.run(30)
    expect(pair.view('primary').mcltSeconds).toBe(30)
  })
})
