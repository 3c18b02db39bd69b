/** Builds the allocators of every configured pool and keeps their counts by watching the table. */
import { formatIpv6Address, formatIpv6Prefix, prefixContains, type Ipv6Prefix } from '@tandem/protocol'
import type { BindingTable } from '../bindings/binding-table.ts'
import { SlotLinks } from '../bindings/slot-lists.ts'
import type { AddressPool, EngineConfiguration, Reservation, Subnet } from '../configuration/configuration.ts'
import { IndependentAllocator } from './independent-allocator.ts'
import { PoolDrains } from './pool-drains.ts'
import type { OwnersLinks, Pools } from './pools.ts'
import { ProportionalAllocator, rangeOfAddresses, rangeOfPrefixes, type SharedRange } from './proportional-allocator.ts'
import { outsideOfPools, Reservations } from './reservations.ts'

type CountedPool = IndependentAllocator | ProportionalAllocator

/** Where the pools' leases are on record, and what their lists are linked by. */
interface RecordedLeases {
  readonly table: BindingTable
  readonly links: OwnersLinks
}

interface Placed<T> {
  readonly first: bigint
  readonly last: bigint
  readonly allocator: T
}

export function createPools(configuration: EngineConfiguration, table: BindingTable): Pools {
  const recorded: RecordedLeases = { table, links: { primary: new SlotLinks(), secondary: new SlotLinks() } }
  const address: Placed<CountedPool>[] = []
  const prefix: Placed<ProportionalAllocator>[] = []
  for (const subnet of configuration.subnets) {
    for (const pool of subnet.addressPools) {
      address.push({ first: pool.first, last: pool.last, allocator: allocatorOf(subnet, pool, recorded) })
    }
    for (const pool of subnet.prefixPools) prefix.push(placed(subnet, rangeOfPrefixes(pool), recorded))
  }
  const addressAllocators = address.map((each) => each.allocator)
  const prefixAllocators = prefix.map((each) => each.allocator)
  const shared = [...addressAllocators, ...prefixAllocators].filter((pool) => pool instanceof ProportionalAllocator)
  for (const subnet of configuration.subnets) {
    for (const reservation of outsideOfPools(subnet)) {
      if (reservation.kind === 'address') address.push(poolOfAddress(subnet, reservation, recorded))
      else prefix.push(poolOfPrefix(subnet, reservation, recorded))
    }
  }
  address.sort(byFirst)
  prefix.sort(byFirst)

  const reservations = new Reservations(configuration.subnets)
  const drains = new PoolDrains(configuration, table, reservations)

  table.observe('any', (before, after, slot) => {
    drains.noteChange(before, after, slot)
    // A prefix of whatever length that lies in a pool takes room there.
    if (after.kind === 'prefix') locate(prefix, after.prefix)?.noteChange(before, after, slot)
    else locate(address, after.prefix)?.noteChange(before, after, slot)
  })

  return {
    reservations,
    drains,
    address: addressAllocators,
    prefix: prefixAllocators,
    ofSubnet: (subnetId, kind) =>
      (kind === 'address' ? addressAllocators : prefixAllocators).filter((pool) => pool.subnet.id === subnetId),
    find: (kind, wanted) => {
      const found = kind === 'address' ? locate(address, wanted) : locate(prefix, wanted)
      return found?.contains(wanted) === true ? found : undefined
    },
    subnetAround: (address) => configuration.subnets.find((subnet) => prefixContains(subnet.prefix, address)),
    isShared: (kind, wanted) => kind === 'prefix' || locate(address, wanted) instanceof ProportionalAllocator,
    balancedBy: (relationship) => shared.filter((pool) => pool.subnet.relationship === relationship),
  }
}

function allocatorOf(subnet: Subnet, pool: AddressPool, { table, links }: RecordedLeases): CountedPool {
  const isShared = pool.allocation === 'proportional' && subnet.relationship !== undefined
  return isShared
    ? new ProportionalAllocator(subnet, rangeOfAddresses(pool), table, links)
    : new IndependentAllocator(subnet, pool, table, links)
}

function placed(subnet: Subnet, range: SharedRange, { table, links }: RecordedLeases): Placed<ProportionalAllocator> {
  return { first: range.first, last: range.last, allocator: new ProportionalAllocator(subnet, range, table, links) }
}

/** Counted in no pool and balanced by nobody. */
function poolOfAddress(
  subnet: Subnet,
  { prefix }: Reservation,
  { table, links }: RecordedLeases,
): Placed<IndependentAllocator> {
  const first = prefix.address
  const pool = { id: formatIpv6Address(first), first, last: first }
  return { first, last: first, allocator: new IndependentAllocator(subnet, pool, table, links) }
}

function poolOfPrefix(
  subnet: Subnet,
  { prefix }: Reservation,
  recorded: RecordedLeases,
): Placed<ProportionalAllocator> {
  return placed(
    subnet,
    rangeOfPrefixes({ id: formatIpv6Prefix(prefix), prefix, delegatedLength: prefix.length }),
    recorded,
  )
}

function byFirst(a: Placed<unknown>, b: Placed<unknown>): number {
  return a.first < b.first ? -1 : 1
}

/** Pools do not overlap (a rule of the configuration), so the last one that begins before the lease is the only one. */
function locate<T>(placed: readonly Placed<T>[], wanted: Ipv6Prefix): T | undefined {
  let low = 0
  let high = placed.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const candidate = placed[middle]
    if (candidate === undefined) return undefined
    if (wanted.address < candidate.first) high = middle - 1
    else if (wanted.address > candidate.last) low = middle + 1
    else return candidate.allocator
  }
  return undefined
}
