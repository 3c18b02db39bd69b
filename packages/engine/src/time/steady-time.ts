/** A wall clock as a server may use it: it follows forward at once and never steps back, because lease times must survive a restart. */
import { instant, type Instant } from './instant.ts'

/** While the wall clock is behind (it was set back), our time runs this much slower until both agree. */
const CATCH_UP_RATE = 0.05

/**
 * Reads the time: forward with the wall clock, and when that is set back, on by the monotonic clock and a little
 * slower, so that keepalives and leases neither freeze nor repeat. Both sources give milliseconds.
 */
export function createSteadyTime(notBefore: number, wallMs: () => number, monotonicMs: () => number): () => Instant {
  let shownMs = Math.max(wallMs(), notBefore)
  let seenMonotonicMs = monotonicMs()
  return () => {
    const monotonic = monotonicMs()
    const elapsedMs = Math.max(0, monotonic - seenMonotonicMs)
    seenMonotonicMs = monotonic
    shownMs = Math.max(wallMs(), shownMs + elapsedMs * (1 - CATCH_UP_RATE))
    return instant(Math.floor(shownMs))
  }
}
