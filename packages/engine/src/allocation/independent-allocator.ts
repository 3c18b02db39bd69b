/** Address pools: split for good by the low-order bit, no messages (RFC 8156 section 4.2.1). */
import { hasBug } from '../deliberate-bug.ts'
import type { Ipv6Address, Ipv6Prefix } from '@tandem/protocol'
import type { Binding, BindingStatus } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import type { SlotLinks } from '../bindings/slot-lists.ts'
import type { AddressPool, Role, Subnet } from '../configuration/configuration.ts'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import type { PoolSnapshot } from '../snapshot.ts'
import { classOf, FreeLeases } from './free-leases.ts'
import type { Candidate, Owner, OwnersLinks, PoolAllocator } from './pools.ts'

/** Odd addresses are the primary's, even ones the secondary's (RFC 8156 section 4.2.1.1). */
export function ownerOfAddress(address: Ipv6Address): Owner {
  return (address & 1n) === 1n ? 'primary' : 'secondary'
}

const otherOwner: Readonly<Record<Owner, Owner>> = { primary: 'secondary', secondary: 'primary' }

export class IndependentAllocator implements PoolAllocator {
  readonly isShared = false
  readonly subnet: Subnet
  readonly id: string
  readonly leaseLength = 128
  readonly #pool: AddressPool
  readonly #table: BindingTable
  readonly #reserved: ReadonlySet<bigint>
  readonly #free: Readonly<Record<Owner, FreeLeases>>
  readonly #unavailable: Record<Owner, bigint> = { primary: 0n, secondary: 0n }
  #leased = 0n
  #quarantined = 0n
  #waiting = 0n

  constructor(subnet: Subnet, pool: AddressPool, table: BindingTable, links: OwnersLinks) {
    this.subnet = subnet
    this.id = pool.id
    this.#pool = pool
    this.#table = table
    this.#reserved = new Set(
      subnet.reservations.flatMap(({ kind, prefix }) =>
        kind === 'address' && this.contains(prefix) ? [prefix.address] : [],
      ),
    )
    this.#free =
      subnet.relationship === undefined
        ? sameForBoth(this.#freeLeases(pool.first, 1n, links.primary))
        : {
            primary: this.#freeLeases(firstWithLowBit(pool, 1n), 2n, links.primary),
            secondary: this.#freeLeases(firstWithLowBit(pool, 0n), 2n, links.secondary),
          }
  }

  contains(prefix: Ipv6Prefix): boolean {
    return prefix.length === 128 && prefix.address >= this.#pool.first && prefix.address <= this.#pool.last
  }

  ownerOf(prefix: Ipv6Prefix): Owner | undefined {
    return this.contains(prefix) ? ownerOfAddress(prefix.address) : undefined
  }

  /** The partner's half is never touched, in no state (decision on digest A7). */
  *candidates(policy: AllocationPolicy): Generator<Candidate> {
    if (policy.kind === 'none') return
    const own = policy.kind === 'whole-pool' ? 'primary' : policy.role
    const half = hasBug('partners-half-allocated') ? otherOwner[own] : own
    for (const { offset, recorded } of this.#free[half].candidates()) {
      yield { prefix: addressLease(offset as Ipv6Address), recorded }
    }
  }

  noteChange(before: BindingStatus | undefined, after: Binding, slot: number): void {
    const owner = ownerOfAddress(after.prefix.address)
    if (before !== undefined) this.#count(before, owner, -1n)
    this.#count(after.status, owner, 1n)
    const from = before === undefined ? undefined : classOf(before)
    this.#free[owner].note(after.prefix.address, slot, from, classOf(after.status))
  }

  snapshot(role: Role | undefined): PoolSnapshot {
    const reserved = this.#reservedAndFree()
    const free = {
      primary: this.#available(1n, 'primary') - reserved.primary,
      secondary: this.#available(0n, 'secondary') - reserved.secondary,
    }
    const own = role === undefined ? free.primary + free.secondary : free[role]
    return {
      id: this.id,
      subnetId: this.subnet.id,
      kind: 'address',
      relationship: this.subnet.relationship,
      delegatedLength: undefined,
      total: this.#pool.last - this.#pool.first + 1n,
      leased: this.#leased,
      ownFree: own,
      partnerFree: free.primary + free.secondary - own,
      quarantined: this.#quarantined,
      waiting: this.#waiting,
      reserved: reserved.primary + reserved.secondary,
    }
  }

  #freeLeases(first: bigint, step: bigint, links: SlotLinks): FreeLeases {
    return new FreeLeases([{ first, last: this.#pool.last }], step, {
      links,
      offsetAt: (slot) => this.#table.prefixAt(slot).address,
      isRecorded: (address) => this.#statusOf(address) !== undefined,
      isReserved: (address) => this.#reserved.has(address),
    })
  }

  #statusOf(address: bigint): BindingStatus | undefined {
    return this.#table.statusOf('address', addressLease(address as Ipv6Address))
  }

  #reservedAndFree(): Record<Owner, bigint> {
    const counts = { primary: 0n, secondary: 0n }
    for (const address of this.#reserved) {
      const status = this.#statusOf(address)
      if (status === undefined || classOf(status) === 'returned') counts[ownerOfAddress(address as Ipv6Address)] += 1n
    }
    return counts
  }

  #available(lowBit: bigint, owner: Owner): bigint {
    return countWithLowBit(this.#pool, lowBit) - this.#unavailable[owner]
  }

  #count(status: BindingStatus, owner: Owner, by: bigint): void {
    const kind = classOf(status)
    if (kind === 'returned') return
    this.#unavailable[owner] += by
    if (kind === 'waiting') this.#waiting += by
    else if (status === 'ABANDONED') this.#quarantined += by
    else this.#leased += by
  }
}

function addressLease(address: Ipv6Address): Ipv6Prefix {
  return { address, length: 128 }
}

function firstWithLowBit(pool: AddressPool, lowBit: bigint): bigint {
  return (pool.first & 1n) === lowBit ? pool.first : pool.first + 1n
}

function countWithLowBit(pool: AddressPool, lowBit: bigint): bigint {
  const first = firstWithLowBit(pool, lowBit)
  return first > pool.last ? 0n : (pool.last - first) / 2n + 1n
}

function sameForBoth(all: FreeLeases): Readonly<Record<Owner, FreeLeases>> {
  return { primary: all, secondary: all }
}
