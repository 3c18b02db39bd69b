/** Pools that an operator drains: nothing new is given from them, and what is out there is counted down (docs/decisions/0117). */
import { lastAddress, type Ipv6Prefix } from '@tandem/protocol'
import type { BindingTable } from '../bindings/binding-table.ts'
import { bindingKey, type Binding, type BindingStatus, type LeaseKind } from '../bindings/binding.ts'
import type { EngineConfiguration, Subnet } from '../configuration/configuration.ts'
import { hasBug } from '../deliberate-bug.ts'
import type { DrainSnapshot } from '../snapshot.ts'
import { latest, type Instant } from '../time/instant.ts'
import type { Reservations } from './reservations.ts'

/** What is durable of one. */
export interface PoolDrain {
  /** The id of the pool. */
  readonly pool: string
  readonly since: Instant
  readonly operator: string
  readonly reason: string
}

interface PoolRange {
  readonly kind: LeaseKind
  readonly first: bigint
  readonly last: bigint
}

/** Of a pool that is drained: its leases in use, with and without a reservation, and the last end among the latter. */
interface Watched {
  readonly drain: PoolDrain
  readonly range: PoolRange
  left: number
  reserved: number
  lastEnd: Instant | undefined
  lastEndSlot: number
  /** The lease with the last end is gone: which one is it now? */
  isLastEndGone: boolean
}

export class PoolDrains {
  readonly #table: BindingTable
  readonly #reservations: Reservations
  readonly #ranges: ReadonlyMap<string, PoolRange>
  /** Also of pools that the configuration does not have at present: it may have them again. */
  readonly #drains = new Map<string, PoolDrain>()
  readonly #watched = new Map<string, Watched>()

  constructor({ subnets }: EngineConfiguration, table: BindingTable, reservations: Reservations) {
    this.#table = table
    this.#reservations = reservations
    this.#ranges = new Map(subnets.flatMap(rangesOf))
  }

  /** All that storage has to hold, in the order of their beginning. */
  get all(): readonly PoolDrain[] {
    return [...this.#drains.values()]
  }

  isConfigured(pool: string): boolean {
    return this.#ranges.has(pool)
  }

  of(pool: string): PoolDrain | undefined {
    return this.#drains.get(pool)
  }

  /** Looks at the whole table once. */
  begin(drain: PoolDrain): void {
    this.#drains.set(drain.pool, drain)
    const range = this.#ranges.get(drain.pool)
    if (range === undefined) return
    const watched = { drain, range, left: 0, reserved: 0, lastEnd: undefined, lastEndSlot: -1, isLastEndGone: false }
    this.#watched.set(drain.pool, watched)
    this.#count(watched)
  }

  end(pool: string): void {
    this.#drains.delete(pool)
    this.#watched.delete(pool)
  }

  /** May nothing new be given from it? */
  isDraining(pool: string): boolean {
    return this.#watched.has(pool) && !hasBug('drain-ignored')
  }

  /** Is it a lease that its client shall not keep? What is reserved stays its client's. */
  takesBack(kind: LeaseKind, prefix: Ipv6Prefix): boolean {
    const isDrained = this.#around(kind, prefix) !== undefined && !hasBug('drain-ignored')
    return isDrained && !this.#reservations.isKept(bindingKey(kind, prefix))
  }

  noteChange(before: BindingStatus | undefined, after: Binding, slot: number): void {
    if (before !== 'ACTIVE' && after.status !== 'ACTIVE') return
    const watched = this.#around(after.kind, after.prefix)
    if (watched === undefined) return
    const change = Number(after.status === 'ACTIVE') - Number(before === 'ACTIVE')
    if (this.#reservations.isKept(this.#table.keyAt(slot))) watched.reserved += change
    else {
      watched.left += change
      noteEnd(watched, after.status === 'ACTIVE' ? after.statusExpiresAt : undefined, slot)
    }
  }

  snapshot(pool: string): DrainSnapshot | undefined {
    const watched = this.#watched.get(pool)
    if (watched === undefined) return undefined
    if (watched.isLastEndGone) this.#count(watched)
    const { since, operator, reason } = watched.drain
    return {
      since,
      operator,
      reason,
      leasesLeft: watched.left,
      reservedInUse: watched.reserved,
      lastEndAt: watched.lastEnd,
    }
  }

  /** Few are drained at a time, and pools do not overlap. */
  #around(kind: LeaseKind, { address }: Ipv6Prefix): Watched | undefined {
    for (const watched of this.#watched.values()) {
      const { range } = watched
      if (range.kind === kind && range.first <= address && address <= range.last) return watched
    }
    return undefined
  }

  #count(watched: Watched): void {
    watched.left = 0
    watched.reserved = 0
    watched.lastEnd = undefined
    watched.isLastEndGone = false
    const table = this.#table
    for (const slot of table.slots()) {
      if (table.statusAt(slot) !== 'ACTIVE' || table.kindAt(slot) !== watched.range.kind) continue
      if (this.#around(watched.range.kind, table.prefixAt(slot)) !== watched) continue
      if (this.#reservations.isKept(table.keyAt(slot))) watched.reserved += 1
      else {
        watched.left += 1
        noteEnd(watched, table.timesAt(slot).statusExpiresAt, slot)
      }
    }
  }
}

function rangesOf({ addressPools, prefixPools }: Subnet): readonly (readonly [string, PoolRange])[] {
  return [
    ...addressPools.map(({ id, first, last }) => [id, { kind: 'address' as const, first, last }] as const),
    ...prefixPools.map(({ id, prefix }) => {
      return [id, { kind: 'prefix' as const, first: prefix.address, last: lastAddress(prefix) }] as const
    }),
  ]
}

/** `end`: undefined of a lease that is not in use any more. */
function noteEnd(watched: Watched, end: Instant | undefined, slot: number): void {
  if (end !== undefined && end >= (watched.lastEnd ?? end)) {
    watched.lastEnd = latest(end, watched.lastEnd)
    watched.lastEndSlot = slot
    watched.isLastEndGone = false
  } else if (slot === watched.lastEndSlot) watched.isLastEndGone = true
}
