/** Leases that outlive the configuration under which they were made: what a start with another one does with them. */
import { parseIpv6Address, parseIpv6Prefix, StatusCode } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { FailoverPair, testRelationship, type TestServer } from '../../test-support/failover-pair.ts'
import { NO_SUBNET } from '../bindings/binding.ts'
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
  const whole = subnetWith('2001:db8:1::', '1000', '1fff')
  const elsewhereInSubnet = subnetWith('2001:db8:1::', '2000', '2fff')
  const elsewhere = subnetWith('2001:db8:9::', '1000', '1fff')

  function subnetWith(network: string, from: string, to: string): Partial<Subnet> {
    const prefix = parseIpv6Prefix(`${network}/64`)
    const [first, last] = [parseIpv6Address(network + from), parseIpv6Address(network + to)]
    if (prefix === undefined || first === undefined || last === undefined) throw new Error('they are addresses')
    return { id: `${network}/64`, prefix, addressPools: [{ id: 'addresses', first, last }] }
  }

  /** The primary comes back without its disk, and with a configuration in whose pools the lease of client 1 does not lie. */
  function fetchedWith(subnet: Partial<Subnet>): FailoverPair {
    const pair = served()
    // The second time for the whole lifetime.
    pair.requestAddress('primary', 1)
    pair.run(1)
    stop(pair, 'primary')
    pair.loseStorage('primary')
    change(pair.primary, subnet)
    pair.start('primary')
    pair.run(63)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    return pair
  }

  function restartedWithTheWholePool(pair: FailoverPair): void {
    stop(pair, 'primary')
    change(pair.primary, whole)
    pair.start('primary')
    pair.run(6)
  }

  function heldByClients(server: TestServer): readonly (string | undefined)[] {
    return [...server.bindings.values()].map(({ prefix, client }) => `${prefix.address & 0xffffn} ${client?.duid}`)
  }

  for (const [what, subnet] of [
    ['in which a lease of the subnet does not lie', elsewhereInSubnet],
    ['that has gone with its subnet', elsewhere],
  ] as const) {
    it(`${what}: the lease is given to nobody else when the pool is back, also out of contact`, () => {
      const pair = fetchedWith(subnet)
      const known = heldByClients(pair.secondary)
      expect(known).toHaveLength(1)
      expect(heldByClients(pair.primary)).toEqual(known)
      expect([...pair.secondary.bindings.values()]).toMatchObject([{ status: 'ACTIVE' }])
      pair.isNetworkUp = false
      restartedWithTheWholePool(pair)
      expect(pair.view('primary').state).toBe('COMMUNICATIONS-INTERRUPTED')
      pair.requestAddress('primary', 2)
      const [first, second] = [...pair.primary.bindings.values()]
      expect(heldByClients(pair.primary)[0]).toBe(known[0])
      expect(second?.client).toBeDefined()
      expect(second?.prefix).not.toEqual(first?.prefix)
    })
  }

  it('is said to the partner where it has gone with its subnet, and what lay in it is told once it is back', () => {
    const pair = fetchedWith(elsewhere)
    const refused = pair.secondary.notices.filter(({ kind }) => kind === 'update-rejected')
    expect(refused[0]).toMatchObject({ by: 'partner', statusCode: StatusCode.ConfigurationConflict })
    expect([...pair.primary.bindings.values()]).toMatchObject([{ subnetId: NO_SUBNET, owedToPartner: false }])
    restartedWithTheWholePool(pair)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(statuses(pair.primary)).toEqual(['ACTIVE pair'])
    expect([...pair.secondary.bindings.values()]).toMatchObject([{ status: 'ACTIVE', owedToPartner: false }])
  })

  it('leaves nothing to be fetched a second time', () => {
    const pair = served()
    stop(pair, 'primary')
    pair.loseStorage('primary')
    change(pair.primary, elsewhere)
    pair.start('primary')
    pair.run(3)
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
    expect(pair.primary.endpoint?.fullResyncOwed).toBe(false)
    pair.sent.length = 0
    stop(pair, 'primary')
    change(pair.primary, whole)
    pair.start('primary')
    pair.run(3)
    expect(pair.sentText()).not.toContain('P UPDREQALL')
    expect(pair.view('primary').state).toBe('RECOVER-WAIT')
    expect(statuses(pair.primary)).toEqual(['ACTIVE pair'])
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
