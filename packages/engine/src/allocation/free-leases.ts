/** Finds available leases in ranges of offsets without ever listing a range. */
import { hasBug } from '../deliberate-bug.ts'
import type { BindingStatus } from '../bindings/binding.ts'
import { NO_SLOT } from '../bindings/slot-hash.ts'
import { SlotList, type SlotLinks } from '../bindings/slot-lists.ts'

/** Offsets `first` to `last`, both included, every `step`-th. */
export interface OffsetRange {
  readonly first: bigint
  readonly last: bigint
}

export type OffsetClass = 'returned' | 'waiting' | 'taken'

/** Offers that nobody took up; beyond so many, they are tried again before fresh leases. */
const HOLES_MAX = 16_384
/** Waiting leases are in order of waiting; when the oldest may not be reused yet, the rest may not either. */
const WAITING_TRIED_MAX = 64

export function classOf(status: BindingStatus): OffsetClass {
  switch (status) {
    case 'FREE':
    case 'FREE-BACKUP':
      return 'returned'
    case 'EXPIRED':
    case 'RELEASED':
    case 'RESET':
      return 'waiting'
    case 'ACTIVE':
    case 'ABANDONED':
      return 'taken'
  }
}

/** What is known of leases that have a record, and of those that may not be shown. */
export interface KnownLeases {
  /** In no other list that has these links. */
  readonly links: SlotLinks
  /** Of the record in this slot of the table. */
  readonly offsetAt: (slot: number) => bigint
  readonly isRecorded: (offset: bigint) => boolean
  /** What is reserved for a client is never shown: its client finds it by name. */
  readonly isReserved: (offset: bigint) => boolean
}

export class FreeLeases {
  #ranges: readonly OffsetRange[]
  #rangeIndex = 0
  #next: bigint | undefined
  /** Passed by the cursor, still without a record: offered and perhaps not taken up. */
  readonly #holes = new Set<bigint>()
  readonly #returned: SlotList
  readonly #waiting: SlotList
  readonly #step: bigint
  readonly #leases: KnownLeases

  constructor(ranges: readonly OffsetRange[], step: bigint, leases: KnownLeases) {
    this.#ranges = ranges
    this.#next = ranges[0]?.first
    this.#step = step
    this.#leases = leases
    this.#returned = new SlotList(leases.links)
    this.#waiting = new SlotList(leases.links)
  }

  /** The owner's part changed (prefixes moved between partners): start over, records are stepped past. */
  setRanges(ranges: readonly OffsetRange[]): void {
    this.#ranges = ranges
    this.#rangeIndex = 0
    this.#next = ranges[0]?.first
    this.#holes.clear()
  }

  /** The record for this offset came (`from` is undefined), changed, or left this owner (`to` is undefined). */
  note(offset: bigint, slot: number, from: OffsetClass | undefined, to: OffsetClass | undefined): void {
    // A start reads its records in order: the search need not step past them one by one afterwards.
    if (offset === this.#next) this.#next = offset + this.#step
    this.#holes.delete(offset)
    if (from === to || this.#leases.isReserved(offset)) return
    this.#listOf(from)?.delete(slot)
    this.#listOf(to)?.add(slot)
  }

  /** Never used, then returned the longest ago, then waiting the longest; each at most once per call. */
  *candidates(): Generator<{ readonly offset: bigint; readonly recorded: boolean }> {
    let holesLeft = this.#holes.size
    if (holesLeft > HOLES_MAX) {
      holesLeft -= 1
      yield* this.#rotateHoles(1)
    }
    for (;;) {
      const offset = this.#takeFresh()
      if (offset === undefined) break
      yield { offset, recorded: false }
    }
    yield* this.#rotateHoles(holesLeft)
    yield* this.#rotate(this.#returned, this.#returned.size)
    yield* this.#rotate(this.#waiting, Math.min(this.#waiting.size, WAITING_TRIED_MAX))
  }

  #takeFresh(): bigint | undefined {
    while (this.#next !== undefined) {
      const offset = this.#next
      const range = this.#ranges[this.#rangeIndex]
      if (range === undefined || offset > range.last) {
        this.#rangeIndex += 1
        this.#next = this.#ranges[this.#rangeIndex]?.first
        continue
      }
      this.#next = offset + this.#step
      if (this.#leases.isReserved(offset)) continue
      if (this.#leases.isRecorded(offset) && !hasBug('records-ignored-in-search')) continue
      this.#holes.add(offset)
      return offset
    }
    return undefined
  }

  /** Front to back; what is shown goes to the end, so that the next caller is shown another. */
  *#rotate(list: SlotList, atMost: number): Generator<{ offset: bigint; recorded: boolean }> {
    for (let shown = 0; shown < atMost; shown += 1) {
      const slot = list.first
      if (slot === NO_SLOT) return
      list.delete(slot)
      list.add(slot)
      yield { offset: this.#leases.offsetAt(slot), recorded: true }
    }
  }

  *#rotateHoles(atMost: number): Generator<{ offset: bigint; recorded: boolean }> {
    for (let shown = 0; shown < atMost; shown += 1) {
      const first = this.#holes.values().next()
      if (first.done === true) return
      this.#holes.delete(first.value)
      this.#holes.add(first.value)
      yield { offset: first.value, recorded: false }
    }
  }

  #listOf(offsetClass: OffsetClass | undefined): SlotList | undefined {
    if (offsetClass === 'returned') return this.#returned
    return offsetClass === 'waiting' ? this.#waiting : undefined
  }
}
