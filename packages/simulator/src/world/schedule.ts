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
  /** Sorted by time, then by order of scheduling. */
  readonly #due: Due[] = []

  constructor(startAt: Instant) {
    this.#now = startAt
  }

  get now(): Instant {
    return instant(this.#now)
  }

  at(at: number, act: () => void): Scheduled {
    const due: Due = { at: Math.max(at, this.#now), order: this.#order, act, cancelled: false }
    this.#order += 1
    let low = 0
    let high = this.#due.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#due[middle]
      if (other !== undefined && (other.at < due.at || (other.at === due.at && other.order < due.order)))
        low = middle + 1
      else high = middle
    }
    this.#due.splice(low, 0, due)
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
    this.#due.shift()
    this.#now = next.at
    if (!next.cancelled) next.act()
    return true
  }

  /** Lets time pass although nothing is due. */
  passTo(at: number): void {
    this.#now = Math.max(this.#now, at)
  }
}
