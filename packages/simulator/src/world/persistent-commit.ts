/** One commit of a simulated server until it is done: tried again under its number, silent after a while, given up at last. */
import { GIVE_UP_AFTER_MS, RETRY_INTERVAL_MS, SUSPEND_AFTER_MS, type DiskHealth } from './simulated-disk.ts'
import type { SimulatedCommit, SimulatedStore } from './simulated-store.ts'
import type { Schedule, Scheduled } from './schedule.ts'

export interface CommitParts {
  readonly schedule: Schedule
  readonly store: SimulatedStore
  readonly health: () => DiskHealth
  /** Does the process that wants it still run, and is it not suspended? */
  readonly isWanted: () => boolean
  /** Three seconds without success. */
  readonly suspend: () => void
  readonly done: (wasSuspended: boolean) => void
  readonly giveUp: () => void
}

export function commitPersistently(commit: SimulatedCommit, parts: CommitParts): void {
  const { schedule, store } = parts
  const beganAt = schedule.now
  let timers: readonly Scheduled[] | undefined
  let isOver = false
  let wasSuspended = false

  /** Only where it takes long, so that a sound disk costs one thing to do. */
  function watch(): void {
    if (timers !== undefined) return
    const suspend = (): void => {
      wasSuspended = true
      if (parts.isWanted()) parts.suspend()
    }
    const giveUp = (): void => {
      isOver = true
      if (parts.isWanted()) parts.giveUp()
    }
    timers = [schedule.at(beganAt + SUSPEND_AFTER_MS, suspend), schedule.at(beganAt + GIVE_UP_AFTER_MS, giveUp)]
  }

  function attempt(): void {
    const { commitMs, failure } = parts.health()
    if (failure !== 'none' || commitMs >= SUSPEND_AFTER_MS) watch()
    schedule.after(commitMs, hear)
  }

  function hear(): void {
    if (isOver || !parts.isWanted()) {
      for (const timer of timers ?? []) timer.cancel()
      return
    }
    const { failure } = parts.health()
    if (failure !== 'fails') store.apply(commit)
    if (failure === 'none') {
      for (const timer of timers ?? []) timer.cancel()
      parts.done(wasSuspended)
    } else {
      watch()
      schedule.after(RETRY_INTERVAL_MS, attempt)
    }
  }

  attempt()
}
