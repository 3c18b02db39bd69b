/** One timer for the engine's next deadline. */
import type { Instant } from '@tandem/engine'
import type { Clock } from './steady-clock.ts'

/** The longest that a timer of the platform takes. */
const DELAY_MAX_MS = 2_147_483_647

export class DeadlineTimer {
  readonly #clock: Clock
  readonly #reached: () => void
  #armedFor: Instant | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, reached: () => void) {
    this.#clock = clock
    this.#reached = reached
  }

  armFor(deadline: Instant | undefined): void {
    if (deadline === this.#armedFor && this.#timer !== undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#armedFor = deadline
    if (deadline !== undefined) this.#start(deadline)
  }

  #start(deadline: Instant): void {
    // At least one millisecond, so that a deadline in the past cannot spin.
    const delayMs = Math.min(DELAY_MAX_MS, Math.max(1, deadline - this.#clock.now()))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#clock.now() >= deadline) this.#reached()
      else this.#start(deadline)
    }, delayMs)
  }
}
