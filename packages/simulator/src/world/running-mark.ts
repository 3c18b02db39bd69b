/** The durable "running until" of one server (architecture, section 5): ahead of its clock while it runs. */
import { addMs, instant, type Instant } from '@tandem/engine'
import type { SimulatedStore } from './simulated-store.ts'

/** It is written so far ahead of the clock, and at least so often. */
export const RUNNING_AHEAD_MS = 3_000
export const RUNNING_RENEWAL_MS = 1_000

export class RunningMark {
  readonly #store: SimulatedStore
  #until: Instant = instant(0)
  /** The world's time of the driver's last look at the clock. */
  #wokeAt = 0

  constructor(store: SimulatedStore) {
    this.#store = store
  }

  get until(): Instant {
    return this.#until
  }

  written(until: Instant): void {
    this.#until = until
  }

  isDue(now: Instant): boolean {
    return this.#until - now <= RUNNING_AHEAD_MS - RUNNING_RENEWAL_MS
  }

  /** The driver looks at the clock itself now, and each second from now on. */
  wakes(worldNow: number): void {
    this.#wokeAt = worldNow
  }

  /** Nothing is written unseen before the driver has looked at the clock itself. */
  pause(): void {
    this.#wokeAt = Infinity
  }

  /**
   * The driver wakes each second and writes how long it runs. While it waits, on a sound disk, nothing else comes of
   * that: it is made up for when somebody looks.
   */
  makeUp(now: Instant, worldNow: number): void {
    const wakes = Math.floor((worldNow - this.#wokeAt) / RUNNING_RENEWAL_MS)
    if (!(wakes > 0)) return
    this.#wokeAt += wakes * RUNNING_RENEWAL_MS
    const wokeAt = addMs(now, this.#wokeAt - worldNow)
    if (!this.isDue(wokeAt)) return
    this.#until = addMs(wokeAt, RUNNING_AHEAD_MS)
    this.#store.noteRunning(this.#until)
  }
}
