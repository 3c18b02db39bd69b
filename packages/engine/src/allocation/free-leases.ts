/** Finds available leases in ranges of offsets without ever listing a range. */
import { hasBug } from '../deliberate-bug.ts'
import type { BindingStatus } from '../bindings/binding.ts'

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

export class FreeLeases {
  #ranges: readonly OffsetRange[]
  #rangeIndex = 0
  #next: bigint | undefined
  /** Passed by the cursor, still without a record: offered and perhaps not taken up. */
  readonly #holes = new Set<bigint>()
  readonly #returned = new Set<bigint>()
  readonly #waiting = new Set<bigint>()
  readonly #step: bigint
  readonly #isRecorded: (offset: bigint) => boolean
  readonly #isReserved: (offset: bigint) => boolean

  /** What is reserved for a client is never shown: its client finds it by name. */
  constructor(
    ranges: readonly OffsetRange[],
    step: bigint,
    isRecorded: (offset: bigint) => boolean,
    isReserved: (offset: bigint) => boolean = () => false,
  ) {
    this.#ranges = ranges
    this.#next = ranges[0]?.first
    this.#step = step
    this.#isRecorded = isRecorded
    this.#isReserved = isReserved
  }

  /** The owner's part changed (prefixes moved between partners): start over, records are stepped past. */
  setRanges(ranges: readonly OffsetRange[]): void {
    this.#ranges = ranges
    this.#rangeIndex = 0
    this.#next = ranges[0]?.first
    this.#holes.clear()
  }

  /** A record for this offset came, changed, or left this owner (`undefined`). */
  note(offset: bigint, to: OffsetClass | undefined): void {
    // A start reads its records in order: the search need not step past them one by one afterwards.
    if (offset === this.#next) this.#next = offset + this.#step
    this.#holes.delete(offset)
    if (this.#isReserved(offset)) return
    if (to !== 'returned') this.#returned.delete(offset)
    else this.#returned.add(offset)
    if (to !== 'waiting') this.#waiting.delete(offset)
    else this.#waiting.add(offset)
  }

  /** Never used, then returned the longest ago, then waiting the longest; each at most once per call. */
  *candidates(): Generator<{ readonly offset: bigint; readonly recorded: boolean }> {
    let holesLeft = this.#holes.size
    if (holesLeft > HOLES_MAX) {
      holesLeft -= 1
      yield* this.#rotate(this.#holes, 1, false)
    }
    for (;;) {
      const offset = this.#takeFresh()
      if (offset === undefined) break
      yield { offset, recorded: false }
    }
    yield* this.#rotate(this.#holes, holesLeft, false)
    yield* this.#rotate(this.#returned, this.#returned.size, true)
    yield* this.#rotate(this.#waiting, Math.min(this.#waiting.size, WAITING_TRIED_MAX), true)
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
      if (this.#isReserved(offset)) continue
      if (this.#isRecorded(offset) && !hasBug('records-ignored-in-search')) continue
      this.#holes.add(offset)
      return offset
    }
    return undefined
  }

  /** Front to back; what is shown goes to the end, so that the next caller is shown another. */
  *#rotate(offsets: Set<bigint>, atMost: number, recorded: boolean): Generator<{ offset: bigint; recorded: boolean }> {
    for (let shown = 0; shown < atMost; shown += 1) {
      const first = offsets.values().next()
      if (first.done === true) return
      offsets.delete(first.value)
      offsets.add(first.value)
      yield { offset: first.value, recorded }
    }
  }
}
