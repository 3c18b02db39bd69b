/** Virtual time: what is due next, and nothing happens between. */
import { instant, type Instant } from '@tandem/engine'

interface Due {
  readonly at: number
  readonly order: number
  readonly act: () => void
  cancelled: boolean
}

export interface Scheduled {
  cancel(): void
}

export class Schedule {
  #now: number
  #order = 0
  #actCount = 0
  /** A heap by time, then by order of scheduling. */
  readonly #due: Due[] = []

  constructor(startAt: Instant) {
    this.#now = startAt
  }

  get now(): Instant {
    return instant(this.#now)
  }

  /** How many things have happened. */
  get actCount(): number {
    return this.#actCount
  }

  at(at: number, act: () => void): Scheduled {
    const due: Due = { at: Math.max(at, this.#now), order: this.#order, act, cancelled: false }
    this.#order += 1
    this.#push(due)
    return {
      cancel: () => {
        due.cancelled = true
      },
    }
  }

  after(ms: number, act: () => void): Scheduled {
    return this.at(this.#now + ms, act)
  }

  /** Does the next thing due up to `until`; false when there is none. */
  step(until: number): boolean {
    const next = this.#due[0]
    if (next === undefined || next.at > until) return false
    this.#pop()
    if (next.cancelled) return true
    this.#now = next.at
    this.#actCount += 1
    next.act()
    return true
  }

  /** Lets time pass although nothing is due. */
  passTo(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  #push(due: Due): void {
    const heap = this.#due
    let index = heap.length
    heap.push(due)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, due)) break
      heap[index] = parent
      index = above
    }
    heap[index] = due
  }

  #pop(): void {
    const heap = this.#due
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      const left = heap[2 * index + 1]
      const right = heap[2 * index + 2]
      if (left === undefined) break
      const [child, at] =
        right !== undefined && isBefore(right, left)
          ? ([right, 2 * index + 2] as const)
          : ([left, 2 * index + 1] as const)
      if (isBefore(last, child)) break
      heap[index] = child
      index = at
    }
    heap[index] = last
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
