/** The process's one clock: this machine's wall clock, made steady. */
import { createSteadyTime, type Instant } from '@tandem/engine'

export interface Clock {
  now(): Instant
}

/** What makes it steady is the engine's, so that the simulator's servers live by the same clock. */
export function createSteadyClock(
  notBefore: number,
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  return { now: createSteadyTime(notBefore, wallMs, monotonicMs) }
}
