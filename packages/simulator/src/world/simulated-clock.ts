/** The clock of one simulated machine: off by some, stepped now and then, and read as the real server reads its own. */
import { createSteadyTime, type Instant } from '@tandem/engine'
import type { Schedule } from './schedule.ts'

export class SimulatedClock {
  readonly #schedule: Schedule
  #offsetMs = 0
  #read: () => Instant

  constructor(schedule: Schedule) {
    this.#schedule = schedule
    this.#read = this.#steady(0)
  }

  /** As the process sees it. */
  now(): Instant {
    return this.#read()
  }

  /** How far the process is ahead of the world's true time. */
  get skewMs(): number {
    return this.now() - this.#schedule.now
  }

  /** How far the machine's wall clock is ahead of the world's true time; the process follows as its clock allows. */
  set offsetMs(offsetMs: number) {
    this.#offsetMs = offsetMs
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  /** A process starts: it goes on from its last commit at the earliest. */
  restart(notBefore: number): void {
    this.#read = this.#steady(notBefore)
  }

  #steady(notBefore: number): () => Instant {
    return createSteadyTime(
      notBefore,
      () => this.#schedule.now + this.#offsetMs,
      () => this.#schedule.now,
    )
  }
}
