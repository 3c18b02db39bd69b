/** Every pool of the configuration with its counts and its way of finding an available lease. */
import type { Ipv6Address, Ipv6Prefix } from '@tandem/protocol'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import type { LeaseKind } from '../bindings/binding.ts'
import type { SlotLinks } from '../bindings/slot-lists.ts'
import type { Subnet } from '../configuration/configuration.ts'
import type { PoolSnapshot } from '../snapshot.ts'
import type { Instant } from '../time/instant.ts'
import type { PoolDrains } from './pool-drains.ts'
import type { Reservations } from './reservations.ts'

/** Which half or part of a pool: FREE belongs to the primary, FREE-BACKUP to the secondary. */
export type Owner = 'primary' | 'secondary'

/** Links for the lists of each owner's available leases, of all pools together. */
export type OwnersLinks = Readonly<Record<Owner, SlotLinks>>

/** A candidate lease, and whether it must be asked for (`mayReuse`) because it has a record. */
export interface Candidate {
  readonly prefix: Ipv6Prefix
  readonly recorded: boolean
}

/** Common face of the two allocators; shared test suite. */
export interface PoolAllocator {
  readonly subnet: Subnet
  readonly id: string
  /** Owned by status, FREE or FREE-BACKUP; else each partner has its half for good. */
  readonly isShared: boolean
  /** Length of every lease: 128 for addresses, else that of the delegated prefixes. */
  readonly leaseLength: number
  contains(prefix: Ipv6Prefix): boolean
  /** Who may allocate this lease while it is available; undefined: nobody, or not a lease of this pool. */
  ownerOf(prefix: Ipv6Prefix): Owner | undefined
  /** Available leases by preference, lazily, each at most once; never enumerates the pool up front. */
  candidates(policy: AllocationPolicy, now: Instant): Iterable<Candidate>
  snapshot(role: 'primary' | 'secondary' | undefined): PoolSnapshot
}

/** What pool balance needs of a pool whose available leases have an owner (RFC 8156 section 4.2.2). */
export interface BalancedPool extends PoolAllocator {
  readonly kind: LeaseKind
  /** How many delegated prefixes could still be given from each side's part; none that is reserved. */
  available(): { readonly primary: bigint; readonly secondary: bigint }
  /**
   * Blocks (aligned, never longer than a delegated prefix) now available to `from` that hold together at most
   * `wanted` delegated prefixes; at most `atMost` blocks, biggest first.
   */
  blocksToMove(from: Owner, wanted: bigint, atMost: number): readonly Ipv6Prefix[]
}

export interface Pools {
  readonly reservations: Reservations
  readonly drains: PoolDrains
  readonly address: readonly PoolAllocator[]
  readonly prefix: readonly BalancedPool[]
  ofSubnet(subnetId: string, kind: 'address' | 'prefix'): readonly PoolAllocator[]
  /** The pool that holds this lease, if any. A lease that is reserved outside of all pools is a pool of its own here. */
  find(kind: 'address' | 'prefix', prefix: Ipv6Prefix): PoolAllocator | undefined
  /** The subnet on whose link this address is, be it in a pool or not. */
  subnetAround(address: Ipv6Address): Subnet | undefined
  /** Is it owned by status, FREE or FREE-BACKUP? Every prefix is, and an address of a proportional pool. */
  isShared(kind: LeaseKind, prefix: Ipv6Prefix): boolean
  /** Pools of subnets of this relationship that are shared so. */
  balancedBy(relationship: string): readonly BalancedPool[]
}
