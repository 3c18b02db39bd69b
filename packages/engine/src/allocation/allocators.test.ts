/** Both allocators: who owns what, what they offer, and that the counts follow the table. */
import {
  makePrefix,
  prefixContainsPrefix,
  parseIpv6Address,
  parseIpv6Prefix,
  type Duid,
  type Ipv6Address,
  type Ipv6Prefix,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Binding, BindingStatus } from '../bindings/binding.ts'
import { BindingTable } from '../bindings/binding-table.ts'
import type { EngineConfiguration, Subnet } from '../configuration/configuration.ts'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import { instant } from '../time/instant.ts'
import { createPools } from './create-pools.ts'
import type { Candidate } from './pools.ts'

const now = instant(1_000_000)
const asPrimary: AllocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
const asSecondary: AllocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }

function address(text: string): Ipv6Address {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

function prefix(text: string): Ipv6Prefix {
  const parsed = parseIpv6Prefix(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

function setUp(relationship: string | undefined, lastAddress = '2001:db8:1::17') {
  const subnet: Subnet = {
    id: '2001:db8:1::/64',
    prefix: prefix('2001:db8:1::/64'),
    interfaceNames: [],
    relationship,
    addressPools: [{ id: 'addresses', first: address('2001:db8:1::10'), last: address(lastAddress) }],
    prefixPools: [{ id: 'prefixes', prefix: prefix('2001:db8:8000::/52'), delegatedLength: 56 }],
    lifetimes: { validSeconds: 120, preferredSeconds: 120, t1Fraction: 0.25, t2Fraction: 0.5 },
    rapidCommit: true,
    dnsServers: [],
    reservations: [],
    domainSearch: [],
  }
  const configuration: EngineConfiguration = {
    serverName: 'alpha',
    serverDuid: '00' as Duid,
    listeners: [],
    subnets: [subnet],
    relationships: [],
  }
  const table = new BindingTable(() => undefined)
  const pools = createPools(configuration, table)
  const put = (kind: 'address' | 'prefix', lease: Ipv6Prefix, status: BindingStatus): void => {
    table.put(binding(kind, lease, status, relationship))
  }
  const [addresses] = pools.address
  const [prefixes] = pools.prefix
  if (addresses === undefined || prefixes === undefined) throw new Error('pools')
  return { table, pools, addresses, prefixes, put }
}

function binding(
  kind: 'address' | 'prefix',
  lease: Ipv6Prefix,
  status: BindingStatus,
  relationship: string | undefined,
): Binding {
  return {
    kind,
    prefix: lease,
    subnetId: '2001:db8:1::/64',
    relationship,
    status,
    client: status === 'ACTIVE' ? { duid: '00' as Duid, iaType: 'IA_NA', iaid: 1 } : undefined,
    statusSince: now,
    statusExpiresAt: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

function take<T>(from: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = []
  for (const item of from) {
    taken.push(item)
    if (taken.length === count) break
  }
  return taken
}

describe('independent allocation of addresses', () => {
  test('each partner is offered its own half only: odd for the primary, even for the secondary', () => {
    const { addresses } = setUp('main')
    const offered = (policy: AllocationPolicy): bigint[] =>
      [...addresses.candidates(policy, now)].slice(0, 4).map((candidate) => candidate.prefix.address & 0xffn)
    expect(offered(asPrimary)).toEqual([0x11n, 0x13n, 0x15n, 0x17n])
    expect(offered(asSecondary)).toEqual([0x10n, 0x12n, 0x14n, 0x16n])
  })

  test('a subnet without a relationship is offered whole', () => {
    const { addresses } = setUp(undefined)
    expect(
      [...addresses.candidates({ kind: 'whole-pool' }, now)].slice(0, 3).map((c) => c.prefix.address & 0xffn),
    ).toEqual([0x10n, 0x11n, 0x12n])
    expect(addresses.snapshot(undefined)).toMatchObject({ total: 8n, ownFree: 8n, partnerFree: 0n })
  })

  test('counts follow every change of a lease', () => {
    const { addresses, put } = setUp('main')
    const lease = { address: address('2001:db8:1::11'), length: 128 }
    expect(addresses.snapshot('primary')).toMatchObject({ total: 8n, leased: 0n, ownFree: 4n, partnerFree: 4n })
    put('address', lease, 'ACTIVE')
    expect(addresses.snapshot('primary')).toMatchObject({ leased: 1n, ownFree: 3n, partnerFree: 4n })
    put('address', lease, 'EXPIRED')
    expect(addresses.snapshot('primary')).toMatchObject({ leased: 0n, waiting: 1n, ownFree: 3n })
    put('address', lease, 'ABANDONED')
    expect(addresses.snapshot('primary')).toMatchObject({ waiting: 0n, quarantined: 1n, ownFree: 3n })
    put('address', lease, 'FREE')
    expect(addresses.snapshot('secondary')).toMatchObject({ quarantined: 0n, ownFree: 4n, partnerFree: 4n })
  })

  test('leased addresses are not offered, returned ones come after never used ones', () => {
    const { addresses, put } = setUp('main')
    put('address', { address: address('2001:db8:1::11'), length: 128 }, 'FREE')
    put('address', { address: address('2001:db8:1::13'), length: 128 }, 'ACTIVE')
    const offered = [...addresses.candidates(asPrimary, now)].map((c) => [c.prefix.address & 0xffn, c.recorded])
    expect(offered.filter(([, recorded]) => recorded === false).map(([at]) => at)).toContain(0x15n)
    expect(offered.map(([at]) => at)).not.toContain(0x13n)
    expect(offered.at(-1)).toEqual([0x11n, true])
  })

  test('an offer that nobody took up is offered again once the pool has been passed', () => {
    const { addresses } = setUp('main')
    const first = () => {
      for (const candidate of addresses.candidates(asPrimary, now)) return candidate.prefix.address & 0xffn
      return undefined
    }
    expect([first(), first(), first(), first(), first()]).toEqual([0x11n, 0x13n, 0x15n, 0x17n, 0x11n])
  })

  test('a /64 costs nothing to look at', () => {
    const { addresses } = setUp('main', '2001:db8:1:0:ffff:ffff:ffff:ffff')
    const [first] = take(addresses.candidates(asPrimary, now), 1)
    expect(first?.prefix.address).toBe(address('2001:db8:1::11'))
    expect(addresses.snapshot('primary').total).toBe((1n << 64n) - 16n)
  })
})

describe('proportional allocation of prefixes', () => {
  const half = makePrefix(address('2001:db8:8000:800::'), 53)

  test('all begin as the primary’s; a block gives a part to the secondary', () => {
    const { prefixes, put } = setUp('main')
    expect(prefixes.available()).toEqual({ primary: 16n, secondary: 0n })
    expect(prefixes.blocksToMove('primary', 8n, 64)).toEqual([half])
    put('prefix', half, 'FREE-BACKUP')
    expect(prefixes.available()).toEqual({ primary: 8n, secondary: 8n })
    expect(prefixes.ownerOf(prefix('2001:db8:8000:900::/56'))).toBe('secondary')
    expect(prefixes.ownerOf(prefix('2001:db8:8000:100::/56'))).toBe('primary')
    const offered = [...prefixes.candidates(asSecondary, now)].map((c) => c.prefix.address)
    expect(offered[0]).toBe(half.address)
    expect(new Set(offered).size).toBe(8)
  })

  test('a record of its own beats the block around it', () => {
    const { prefixes, put } = setUp('main')
    put('prefix', half, 'FREE-BACKUP')
    const single = prefix('2001:db8:8000:900::/56')
    put('prefix', single, 'ACTIVE')
    expect(prefixes.available()).toEqual({ primary: 8n, secondary: 7n })
    put('prefix', single, 'FREE')
    expect(prefixes.ownerOf(single)).toBe('primary')
    expect(prefixes.available()).toEqual({ primary: 9n, secondary: 7n })
    put('prefix', single, 'FREE-BACKUP')
    expect(prefixes.available()).toEqual({ primary: 8n, secondary: 8n })
    expect(
      [...prefixes.candidates(asSecondary, now)].some((c) => c.prefix.address === single.address && c.recorded),
    ).toBe(true)
    expect([...prefixes.candidates(asPrimary, now)].some((c) => c.prefix.address === single.address)).toBe(false)
  })

  test('the partner’s prefixes are offered only from the given instant on, after the own ones', () => {
    const { prefixes, put } = setUp('main')
    put('prefix', half, 'FREE-BACKUP')
    const waiting: AllocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: instant(now + 1) }
    expect([...prefixes.candidates(waiting, now)]).toHaveLength(8)
    const later = [...prefixes.candidates(waiting, instant(now + 1))]
    expect(later).toHaveLength(16)
    expect(later.slice(0, 8).every((c) => c.prefix.address < half.address)).toBe(true)
  })

  for (const [length, inUse] of [
    ['shorter', '2001:db8:8000:c00::/54'],
    ['longer', '2001:db8:8000:c40::/60'],
  ] as const) {
    test(`nothing is given that overlaps a lease of a ${length} length, made under another configuration`, () => {
      const { prefixes, put } = setUp('main')
      put('prefix', half, 'FREE-BACKUP')
      const lease = prefix(inUse)
      put('prefix', lease, 'ACTIVE')
      const overlapping = (): readonly Candidate[] =>
        [asPrimary, asSecondary]
          .flatMap((policy) => [...prefixes.candidates(policy, now)])
          .filter((c) => prefixContainsPrefix(lease, c.prefix) || prefixContainsPrefix(c.prefix, lease))
      expect(overlapping()).toEqual([])
      const moved = prefixes.blocksToMove('secondary', 16n, 64)
      expect(moved.filter((b) => prefixContainsPrefix(lease, b) || prefixContainsPrefix(b, lease))).toEqual([])
      const free = length === 'shorter' ? 4n : 7n
      expect(prefixes.available()).toEqual({ primary: 8n, secondary: free })
      put('prefix', lease, 'FREE')
      expect(overlapping()).toHaveLength(length === 'shorter' ? 4 : 1)
    })
  }

  test('a leased prefix is in no block to move', () => {
    const { prefixes, put } = setUp('main')
    put('prefix', half, 'FREE-BACKUP')
    put('prefix', prefix('2001:db8:8000:900::/56'), 'ACTIVE')
    const moved = prefixes.blocksToMove('secondary', 16n, 64)
    const size = moved.reduce((sum, block) => sum + (1n << BigInt(56 - block.length)), 0n)
    expect(size).toBe(7n)
    expect(moved.some((block) => block.length <= 56 && prefixes.ownerOf(block) !== 'secondary')).toBe(false)
  })
})
