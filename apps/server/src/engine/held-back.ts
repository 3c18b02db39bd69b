/** Steps that changed something and told nobody anything wait a little, and are committed with what comes next. */
import type { Instant } from '@tandem/engine'
import type { DecidedStep } from './lease-events.ts'

/** A crash loses so much of it at most: acknowledgements, which the partner is then asked for once more. */
export const HELD_BACK_MS = 200
const STEPS_MAX = 512
/** A timer may be so much earlier than the clock says. */
const TIMER_GRAIN_MS = 5

export class HeldBack {
  readonly #wake: () => void
  #steps: DecidedStep[] = []
  #since: Instant | undefined
  #timer: NodeJS.Timeout | undefined

  /** `wake` is called when they have waited long enough, so that somebody asks `isDue`. */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  add(steps: readonly DecidedStep[], now: Instant): void {
    if (steps.length === 0) return
    this.#steps.push(...steps)
    this.#since ??= now
    this.#timer ??= setTimeout(this.#wake, HELD_BACK_MS)
  }

  isDue(now: Instant): boolean {
    return (
      this.#since !== undefined &&
      (now - this.#since >= HELD_BACK_MS - TIMER_GRAIN_MS || this.#steps.length >= STEPS_MAX)
    )
  }

  /** In the order in which they were decided; none are left. */
  take(): readonly DecidedStep[] {
    const steps = this.#steps
    this.#steps = []
    this.#since = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    return steps
  }
}
