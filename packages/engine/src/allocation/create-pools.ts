/** Builds the allocators of every configured pool and keeps their counts by watching the table. */
import { formatIpv6Address, formatIpv6Prefix, lastAddress, type Ipv6Prefix } from '@tandem/protocol'
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { EngineConfiguration, Reservation, Subnet } from '../configuration/configuration.ts'
import { IndependentAllocator } from './independent-allocator.ts'
import type { Pools } from './pools.ts'
import { ProportionalAllocator } from './proportional-allocator.ts'
import { outsideOfPools, Reservations } from './reservations.ts'

interface Placed<T> {
  readonly first: bigint
  readonly last: bigint
  readonly allocator: T
}

export function createPools(configuration: EngineConfiguration, table: BindingTable): Pools {
  const address: Placed<IndependentAllocator>[] = []
  const prefix: Placed<ProportionalAllocator>[] = []
  for (const subnet of configuration.subnets) {
    for (const pool of subnet.addressPools) {
      address.push({ first: pool.first, last: pool.last, allocator: new IndependentAllocator(subnet, pool, table) })
    }
    for (const pool of subnet.prefixPools) {
      const last = lastAddress(pool.prefix)
      prefix.push({ first: pool.prefix.address, last, allocator: new ProportionalAllocator(subnet, pool, table) })
    }
  }
  const addressAllocators = address.map((placed) => placed.allocator)
  const prefixAllocators = prefix.map((placed) => placed.allocator)
  for (const subnet of configuration.subnets) {
    for (const reservation of outsideOfPools(subnet)) {
      if (reservation.kind === 'address') address.push(poolOfAddress(subnet, reservation, table))
      else prefix.push(poolOfPrefix(subnet, reservation, table))
    }
  }
  address.sort(byFirst)
  prefix.sort(byFirst)

  table.observe((before: Binding | undefined, after: Binding) => {
    // A prefix of whatever length that lies in a pool takes room there.
    if (after.kind === 'prefix') locate(prefix, after.prefix)?.noteChange(before, after)
    else locate(address, after.prefix)?.noteChange(before, after)
  })

  return {
    reservations: new Reservations(configuration.subnets),
    address: addressAllocators,
    prefix: prefixAllocators,
    ofSubnet: (subnetId, kind) =>
      (kind === 'address' ? addressAllocators : prefixAllocators).filter((pool) => pool.subnet.id === subnetId),
    find: (kind, wanted) => {
      const found = kind === 'address' ? locate(address, wanted) : locate(prefix, wanted)
      return found?.contains(wanted) === true ? found : undefined
    },
    balancedBy: (relationship) => prefixAllocators.filter((pool) => pool.subnet.relationship === relationship),
  }
}

/** Counted in no pool and balanced by nobody. */
function poolOfAddress(subnet: Subnet, { prefix }: Reservation, table: BindingTable): Placed<IndependentAllocator> {
  const first = prefix.address
  const pool = { id: formatIpv6Address(first), first, last: first }
  return { first, last: first, allocator: new IndependentAllocator(subnet, pool, table) }
}

function poolOfPrefix(subnet: Subnet, { prefix }: Reservation, table: BindingTable): Placed<ProportionalAllocator> {
  const pool = { id: formatIpv6Prefix(prefix), prefix, delegatedLength: prefix.length }
  return {
    first: prefix.address,
    last: lastAddress(prefix),
    allocator: new ProportionalAllocator(subnet, pool, table),
  }
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
