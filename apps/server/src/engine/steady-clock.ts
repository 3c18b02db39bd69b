/** The process's one clock: wall-clock milliseconds that never step back, because lease times must survive a restart. */
import { instant, type Instant } from '@tandem/engine'

export interface Clock {
  now(): Instant
}

/** While the wall clock is behind (it was set back), our time runs this much slower until both agree. */
const CATCH_UP_RATE = 0.05

/**
 * Follows the wall clock forward at once and never back: when it is set back, time goes on by the monotonic clock, a
 * little slower, so that keepalives and leases neither freeze nor repeat.
 */
export function createSteadyClock(
  notBefore: number,
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let shownMs = Math.max(wallMs(), notBefore)
  let seenMonotonicMs = monotonicMs()
  return {
    now() {
      const monotonic = monotonicMs()
      const elapsedMs = Math.max(0, monotonic - seenMonotonicMs)
      seenMonotonicMs = monotonic
      shownMs = Math.max(wallMs(), shownMs + elapsedMs * (1 - CATCH_UP_RATE))
      return instant(Math.floor(shownMs))
    },
  }
}
