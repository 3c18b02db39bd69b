/** Pools whose available leases have an owner: the primary gives a part of its own to the secondary (RFC 8156 4.2.2). */
import { hasBug } from '../deliberate-bug.ts'
import { lastAddress, type Ipv6Address, type Ipv6Prefix } from '@tandem/protocol'
import type { Binding, BindingStatus, LeaseKind } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import { SlotColumn } from '../bindings/slot-column.ts'
import type { AddressPool, PrefixPool, Role, Subnet } from '../configuration/configuration.ts'
import type { AllocationPolicy } from '../failover/service-policy.ts'
import type { PoolSnapshot } from '../snapshot.ts'
import type { Instant } from '../time/instant.ts'
import { classOf, FreeLeases, type OffsetClass, type OffsetRange } from './free-leases.ts'
import type { BalancedPool, Candidate, Owner, OwnersLinks } from './pools.ts'
import {
  alignedGaps,
  chooseBlocks,
  includes,
  paintRange,
  sizeOf,
  type Block,
  type FreeBlock,
  type OwnedRanges,
} from './prefix-blocks.ts'

/** What the leases of a pool are and where they lie: delegated prefixes of one length, or addresses. */
export interface SharedRange {
  readonly id: string
  readonly kind: LeaseKind
  readonly leaseLength: number
  /** First address of the first and last address of the last lease. */
  readonly first: bigint
  readonly last: bigint
}

export function rangeOfPrefixes({ id, prefix, delegatedLength }: PrefixPool): SharedRange {
  return { id, kind: 'prefix', leaseLength: delegatedLength, first: prefix.address, last: lastAddress(prefix) }
}

export function rangeOfAddresses({ id, first, last }: AddressPool): SharedRange {
  return { id, kind: 'address', leaseLength: 128, first, last }
}

export class ProportionalAllocator implements BalancedPool {
  readonly isShared = true
  readonly subnet: Subnet
  readonly id: string
  readonly kind: LeaseKind
  readonly leaseLength: number
  readonly #range: SharedRange
  /** Of the offsets of all leases. */
  readonly #whole: OffsetRange
  readonly #reserved: ReadonlySet<bigint>
  /** Prefixes of another length than the delegated one: blocks between the partners, and leases of an earlier configuration. */
  readonly #blocks = new Map<string, Block>()
  readonly #table: BindingTable
  /** Slots of leases with a record of their own, in order of coming; they stay. */
  readonly #recorded = new SlotColumn()
  #recordedCount = 0
  readonly #free: Readonly<Record<Owner, FreeLeases>>
  #painted: OwnedRanges
  #repaint = false
  /** Recorded prefixes lying in each owner's painted part; counted anew after repainting. */
  #recordedInPart: Record<Owner, bigint> = { primary: 0n, secondary: 0n }
  #counts = { leased: 0n, quarantined: 0n, waiting: 0n, FREE: 0n, 'FREE-BACKUP': 0n }

  constructor(subnet: Subnet, range: SharedRange, table: BindingTable, links: OwnersLinks) {
    this.subnet = subnet
    this.id = range.id
    this.kind = range.kind
    this.leaseLength = range.leaseLength
    this.#range = range
    this.#table = table
    this.#whole = { first: 0n, last: (range.last - range.first) >> BigInt(128 - range.leaseLength) }
    this.#reserved = new Set(
      subnet.reservations.flatMap(({ kind, prefix }) =>
        kind === range.kind && this.contains(prefix) ? [this.#toOffset(prefix)] : [],
      ),
    )
    const leases = {
      offsetAt: (slot: number) => this.#offsetAt(slot),
      isRecorded: (offset: bigint) => this.#statusOf(offset) !== undefined,
      isReserved: (offset: bigint) => this.#reserved.has(offset),
    }
    this.#painted = paintRange(this.#whole, [])
    this.#free = {
      primary: new FreeLeases(this.#painted.primary, 1n, { ...leases, links: links.primary }),
      secondary: new FreeLeases(this.#painted.secondary, 1n, { ...leases, links: links.secondary }),
    }
  }

  contains(prefix: Ipv6Prefix): boolean {
    const { first, last } = this.#range
    return prefix.length <= this.leaseLength && first <= prefix.address && lastAddress(prefix) <= last
  }

  ownerOf(prefix: Ipv6Prefix): Owner | undefined {
    if (!this.contains(prefix)) return undefined
    const offset = this.#toOffset(prefix)
    const own = prefix.length === this.leaseLength ? this.#statusOf(offset) : undefined
    if (own === 'FREE') return 'primary'
    if (own === 'FREE-BACKUP') return 'secondary'
    const parts = this.#parts()
    if (includes(parts.secondary, offset)) return 'secondary'
    return includes(parts.primary, offset) ? 'primary' : undefined
  }

  *candidates(policy: AllocationPolicy, now: Instant): Generator<Candidate> {
    if (policy.kind === 'none') return
    this.#parts()
    const role = policy.kind === 'own' ? policy.role : 'primary'
    yield* this.#candidatesOf(role)
    const partnersToo =
      policy.kind === 'whole-pool' ||
      hasBug('given-prefixes-kept') ||
      (policy.partnersPrefixesFrom !== undefined && policy.partnersPrefixesFrom <= now)
    if (partnersToo) yield* this.#candidatesOf(role === 'primary' ? 'secondary' : 'primary')
  }

  available(): { readonly primary: bigint; readonly secondary: bigint } {
    const parts = this.#parts()
    const reserved = this.#reservedAndFree()
    return {
      primary: sizeOf(parts.primary) - this.#recordedInPart.primary + this.#counts.FREE - reserved.primary,
      secondary:
        sizeOf(parts.secondary) - this.#recordedInPart.secondary + this.#counts['FREE-BACKUP'] - reserved.secondary,
    }
  }

  #reservedAndFree(): Record<Owner, bigint> {
    const counts = { primary: 0n, secondary: 0n }
    for (const offset of this.#reserved) {
      const status = this.#statusOf(offset)
      const isFree = status === undefined || classOf(status) === 'returned'
      const owner = isFree ? this.ownerOf(this.#toPrefix(offset)) : undefined
      if (owner !== undefined) counts[owner] += 1n
    }
    return counts
  }

  blocksToMove(from: Owner, wanted: bigint, atMost: number): readonly Ipv6Prefix[] {
    // What is reserved stays where it is: either server may give it to its client.
    const recorded = Array.from({ length: this.#recordedCount }, (_, at) => this.#recorded.get(at))
    const offsets = recorded.map((slot) => this.#offsetAt(slot))
    const used = [...new Set([...offsets, ...this.#reserved])].sort((a, b) => (a < b ? -1 : 1))
    const gaps = alignedGaps(this.#parts()[from], used)
    const singleStatus: BindingStatus = from === 'primary' ? 'FREE' : 'FREE-BACKUP'
    for (const [at, slot] of recorded.entries()) {
      const offset = offsets[at] ?? 0n
      const isSingle = this.#table.statusAt(slot) === singleStatus && !this.#reserved.has(offset)
      if (isSingle) gaps.push({ first: offset, sizeBits: 0 })
    }
    if (this.kind === 'address') return this.#singles(gaps, wanted, atMost)
    return chooseBlocks(gaps, wanted, atMost).map((block) => ({
      address: this.#toPrefix(block.first).address,
      length: this.leaseLength - block.sizeBits,
    }))
  }

  /** An update names one address and no block of them (decision 0078). */
  #singles(gaps: readonly FreeBlock[], wanted: bigint, atMost: number): readonly Ipv6Prefix[] {
    const most = BigInt(atMost)
    return chooseBlocks(gaps, wanted < most ? wanted : most, atMost).flatMap(({ first, sizeBits }) =>
      Array.from({ length: 1 << sizeBits }, (_, at) => this.#toPrefix(first + BigInt(at))),
    )
  }

  noteChange(before: BindingStatus | undefined, after: Binding, slot: number): void {
    if (after.prefix.address < this.#range.first || lastAddress(after.prefix) > this.#range.last) return
    if (after.prefix.length === this.leaseLength) this.#noteSingle(before, after, slot)
    else this.#noteBlock(after)
  }

  snapshot(role: Role | undefined): PoolSnapshot {
    const free = this.available()
    const reserved = this.#reservedAndFree()
    const own = role === undefined ? free.primary + free.secondary : free[role]
    return {
      id: this.id,
      subnetId: this.subnet.id,
      kind: this.kind,
      relationship: this.subnet.relationship,
      delegatedLength: this.kind === 'prefix' ? this.leaseLength : undefined,
      total: this.#whole.last + 1n,
      leased: this.#counts.leased,
      ownFree: own,
      partnerFree: free.primary + free.secondary - own,
      quarantined: this.#counts.quarantined,
      waiting: this.#counts.waiting,
      reserved: reserved.primary + reserved.secondary,
    }
  }

  *#candidatesOf(owner: Owner): Generator<Candidate> {
    for (const { offset, recorded } of this.#free[owner].candidates()) {
      yield { prefix: this.#toPrefix(offset), recorded }
    }
  }

  #noteBlock(after: Binding): void {
    const first = this.#toOffset(after.prefix)
    const sizeBits = Math.max(0, this.leaseLength - after.prefix.length)
    const isAvailable = classOf(after.status) === 'returned'
    const availableTo = after.status === 'FREE-BACKUP' ? 'secondary' : 'primary'
    const key = `${after.prefix.address}/${after.prefix.length}`
    if (isAvailable && after.prefix.length > this.leaseLength) this.#blocks.delete(key)
    else this.#blocks.set(key, { first, sizeBits, owner: isAvailable ? availableTo : 'nobody' })
    this.#repaint = true
  }

  #noteSingle(before: BindingStatus | undefined, after: Binding, slot: number): void {
    const offset = this.#toOffset(after.prefix)
    if (before === undefined) {
      this.#countInPart(offset)
      this.#recorded.set(this.#recordedCount, slot)
      this.#recordedCount += 1
    } else {
      this.#count(before, -1n)
    }
    this.#count(after.status, 1n)
    for (const owner of ['primary', 'secondary'] as const) {
      const from = before === undefined ? undefined : classFor(owner, before)
      this.#free[owner].note(offset, slot, from, classFor(owner, after.status))
    }
  }

  #count(status: BindingStatus, by: bigint): void {
    if (status === 'FREE' || status === 'FREE-BACKUP') this.#counts[status] += by
    else if (status === 'ACTIVE') this.#counts.leased += by
    else if (status === 'ABANDONED') this.#counts.quarantined += by
    else this.#counts.waiting += by
  }

  #countInPart(offset: bigint): void {
    for (const owner of ['primary', 'secondary'] as const) {
      if (includes(this.#painted[owner], offset)) this.#recordedInPart[owner] += 1n
    }
  }

  /** The painted parts, brought up to date when blocks moved. */
  #parts(): OwnedRanges {
    if (!this.#repaint) return this.#painted
    this.#repaint = false
    this.#painted = paintRange(this.#whole, this.#blocks.values())
    this.#free.primary.setRanges(this.#painted.primary)
    this.#free.secondary.setRanges(this.#painted.secondary)
    this.#recordedInPart = { primary: 0n, secondary: 0n }
    for (let at = 0; at < this.#recordedCount; at += 1) this.#countInPart(this.#offsetAt(this.#recorded.get(at)))
    return this.#painted
  }

  #statusOf(offset: bigint): BindingStatus | undefined {
    return this.#table.statusOf(this.kind, this.#toPrefix(offset))
  }

  #offsetAt(slot: number): bigint {
    return this.#toOffset(this.#table.prefixAt(slot))
  }

  #toOffset(prefix: Ipv6Prefix): bigint {
    return (prefix.address - this.#range.first) >> BigInt(128 - this.leaseLength)
  }

  #toPrefix(offset: bigint): Ipv6Prefix {
    const address = this.#range.first + (offset << BigInt(128 - this.leaseLength))
    return { address: address as Ipv6Address, length: this.leaseLength }
  }
}

/** A prefix that waits belongs to nobody yet; whoever may reuse it finds it in either list. */
function classFor(owner: Owner, status: BindingStatus): OffsetClass | undefined {
  const isPartners = status === (owner === 'primary' ? 'FREE-BACKUP' : 'FREE')
  return isPartners ? undefined : classOf(status)
}
