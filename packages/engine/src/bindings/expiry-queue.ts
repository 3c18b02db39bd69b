/** Which lease is due next: a binary heap whose stale entries are skipped when they surface. */
import { instant, type Instant } from '../time/instant.ts'
import { SlotColumn, WideSlotColumn } from './slot-column.ts'

const REBUILT_FROM = 64

export class ExpiryQueue {
  /** The heap: slots and the times at which they were due when they were put in. */
  readonly #slots = new SlotColumn()
  readonly #times = new WideSlotColumn()
  #length = 0
  /** When a slot is due, if it is, and the how many-th it was to become due; zero: it is not. */
  readonly #due = new WideSlotColumn()
  readonly #since = new WideSlotColumn()
  #dueCount = 0
  #lastSince = 0

  set(slot: number, at: Instant | undefined): void {
    const isDue = this.#since.get(slot) !== 0
    if (at === undefined) {
      if (isDue) this.#forget(slot)
      return
    }
    if (isDue && this.#due.get(slot) === at) return
    if (!isDue) {
      this.#lastSince += 1
      this.#since.set(slot, this.#lastSince)
      this.#dueCount += 1
    }
    this.#due.set(slot, at)
    this.#push(slot, at)
    if (this.#length > REBUILT_FROM && this.#length > 4 * this.#dueCount) this.#rebuild()
  }

  nextDue(): Instant | undefined {
    this.#dropStale()
    return this.#length === 0 ? undefined : instant(this.#times.get(0))
  }

  /** Removes and returns at most `atMost` slots due at `now`. */
  takeDue(now: Instant, atMost: number): readonly number[] {
    const taken: number[] = []
    while (taken.length < atMost) {
      this.#dropStale()
      if (this.#length === 0 || this.#times.get(0) > now) break
      const slot = this.#slots.get(0)
      this.#pop()
      this.#forget(slot)
      taken.push(slot)
    }
    return taken
  }

  #forget(slot: number): void {
    this.#since.set(slot, 0)
    this.#dueCount -= 1
  }

  #isStale(index: number): boolean {
    const slot = this.#slots.get(index)
    return this.#since.get(slot) === 0 || this.#due.get(slot) !== this.#times.get(index)
  }

  #dropStale(): void {
    while (this.#length > 0 && this.#isStale(0)) this.#pop()
  }

  /** Sorted is a heap too. Of equal times the one that has been due for longer is first. */
  #rebuild(): void {
    const live: number[] = []
    for (let index = 0; index < this.#length; index += 1) if (!this.#isStale(index)) live.push(this.#slots.get(index))
    // Beside each other in memory, since they are compared twenty times each.
    const due = Float64Array.from(live, (slot) => this.#due.get(slot))
    const since = Float64Array.from(live, (slot) => this.#since.get(slot))
    const order = Uint32Array.from(live.keys()).sort(
      (a, b) => (due[a] ?? 0) - (due[b] ?? 0) || (since[a] ?? 0) - (since[b] ?? 0),
    )
    this.#length = 0
    for (const at of order) {
      const slot = live[at] ?? 0
      // One that was moved away and back stands in the heap twice, and its two entries are alike.
      if (this.#length > 0 && this.#slots.get(this.#length - 1) === slot) continue
      this.#place(this.#length, slot, due[at] ?? 0)
      this.#length += 1
    }
  }

  #push(slot: number, at: number): void {
    let index = this.#length
    this.#length += 1
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parentTime = this.#times.get(parentIndex)
      if (parentTime <= at) break
      this.#place(index, this.#slots.get(parentIndex), parentTime)
      index = parentIndex
    }
    this.#place(index, slot, at)
  }

  #pop(): void {
    this.#length -= 1
    const length = this.#length
    const last = this.#slots.get(length)
    const lastTime = this.#times.get(length)
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      if (childIndex >= length) break
      let childTime = this.#times.get(childIndex)
      if (childIndex + 1 < length) {
        const rightTime = this.#times.get(childIndex + 1)
        if (rightTime < childTime) {
          childIndex += 1
          childTime = rightTime
        }
      }
      if (childTime >= lastTime) break
      this.#place(index, this.#slots.get(childIndex), childTime)
      index = childIndex
    }
    this.#place(index, last, lastTime)
  }

  #place(index: number, slot: number, at: number): void {
    this.#slots.set(index, slot)
    this.#times.set(index, at)
  }
}
