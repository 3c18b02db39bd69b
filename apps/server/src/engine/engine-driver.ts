/** The loop that is the whole runtime: take events, ask the engine, commit, release (architecture sections 4 and 5). */
import { addMs, instant, isPromise, type Effects, type Engine, type EngineEvent, type Instant } from '@tandem/engine'
import type { CommitStore } from '../storage/commit.ts'
import { commitPersistently } from './commit-persistently.ts'
import type { DeadlineTimer } from './deadline-timer.ts'
import { outlivesGap, type Inbox } from './inbox.ts'
import type { Outlets } from './outlets.ts'
import { HeldBack } from './held-back.ts'
import { withLeaseEvents, type DecidedStep } from './lease-events.ts'
import { ReleaseQueue } from './release-queue.ts'
import type { Clock } from './steady-clock.ts'

/** Measured: larger batches gain nothing and delay their first answer. */
export const EVENTS_PER_COMMIT_MAX = 512

/** "Running until" is written so far ahead of the clock; nothing is released past it. */
export const RUNNING_AHEAD_MS = 3000

/** It is written anew at least so often. */
const RUNNING_RENEWAL_MS = 1000

export interface DriverParts {
  readonly engine: Pick<Engine, 'handle' | 'nextDeadline'>
  readonly inbox: Inbox
  readonly store: CommitStore
  readonly clock: Clock
  readonly outlets: Outlets
  readonly timer: DeadlineTimer
  readonly lastCommitNumber: number
  /** How long storage may fail before the process has to end. */
  readonly giveUpAfterMs?: number
  /** After each release, when the engine holds nothing that is not durable but what is held back (decision 0084). */
  released(commitNumber: number, steps: readonly Effects[]): void
  committed(latencyMs: number): void
  /** Nobody is served until storage answers again. */
  storageFails?(fails: boolean): void
  readonly log: (level: 'information' | 'warning' | 'alarm', message: string) => void
}

export type DriverEnd = { readonly kind: 'shut-down' } | { readonly kind: 'failed'; readonly reason: string }

export class EngineDriver {
  readonly #parts: DriverParts
  readonly #queue: ReleaseQueue
  readonly #heldBack: HeldBack
  #commitNumber: number
  #runningUntil: Instant = instant(0)
  #gapIsCertain = false
  #failure: string | undefined

  constructor(parts: DriverParts) {
    this.#parts = parts
    this.#queue = new ReleaseQueue(parts.outlets)
    this.#heldBack = new HeldBack(() => parts.inbox.wake())
    this.#commitNumber = parts.lastCommitNumber
  }

  /** Settles when the server was shut down in order, or when it cannot go on. */
  async run(): Promise<DriverEnd> {
    const { inbox, clock } = this.#parts
    const renewal = setInterval(() => inbox.wake(), RUNNING_RENEWAL_MS)
    try {
      await this.#write([], clock.now(), false)
      if (this.#failure === undefined) this.#parts.released(this.#commitNumber, [])
      while (this.#failure === undefined && !this.#queue.isShutDownComplete) {
        this.#parts.timer.armFor(this.#parts.engine.nextDeadline())
        await this.#round(await inbox.take(EVENTS_PER_COMMIT_MAX, () => clock.now()))
      }
      if (this.#failure === undefined) await this.#write(this.#heldBack.take(), clock.now(), false, 0)
    } finally {
      clearInterval(renewal)
      this.#heldBack.take()
      this.#parts.timer.armFor(undefined)
    }
    return this.#failure === undefined ? { kind: 'shut-down' } : { kind: 'failed', reason: this.#failure }
  }

  async #round(taken: readonly EngineEvent[]): Promise<void> {
    const { engine, clock } = this.#parts
    const now = clock.now()
    const events = this.#isPastRunning(now) ? this.#afterGap(taken, now) : taken
    // One moment for all of them, and the one that was looked at: a process that is suspended from here on has heard its
    // clients before that, and not when it is resumed.
    const steps = events.map((event) => withLeaseEvents(event, engine.handle(event, now), now))
    // An offer promises nothing and is repeated if it is lost: no client waits for the disk of another.
    const offers = steps.filter(isOffer)
    this.#letOut(offers)
    const others = steps.filter((step) => !isOffer(step))
    const promises = others.some(
      (step) => step.afterCommit.some(isPromise) || (step.commit.length > 0 && !mayWait(step)),
    )
    const isDue = this.#runningUntil - now <= RUNNING_AHEAD_MS - RUNNING_RENEWAL_MS
    if (promises || isDue || this.#heldBack.isDue(now)) {
      const all = [...this.#heldBack.take(), ...others]
      await this.#write(all, now, promises)
      if (this.#failure !== undefined) return
      this.#letOut(all)
    } else {
      this.#heldBack.add(
        others.filter((step) => step.commit.length > 0),
        now,
      )
      this.#letOut(others.filter((step) => step.commit.length === 0))
    }
    this.#parts.released(this.#commitNumber, steps)
  }

  #letOut(steps: readonly Effects[]): void {
    this.#queue.hold(this.#commitNumber, steps)
    if (this.#isPastRunning(this.#parts.clock.now())) this.#queue.silenceUpTo(this.#commitNumber)
    else this.#queue.releaseUpTo(this.#commitNumber)
  }

  #isPastRunning(now: Instant): boolean {
    return this.#gapIsCertain || now > this.#runningUntil
  }

  /** The partner may have taken over meanwhile: everything said before is stale (architecture section 5, traps). */
  #afterGap(taken: readonly EngineEvent[], now: Instant): readonly EngineEvent[] {
    const { outlets, inbox, log } = this.#parts
    const from = this.#runningUntil
    log(
      'alarm',
      `time passed us by: no promise was durable between ${isoTime(from)} and ${isoTime(now)}; starting over`,
    )
    outlets.closeAllStreams('time passed us by')
    inbox.empty(now)
    inbox.resumeDatagrams()
    this.#gapIsCertain = false
    const kept = taken.filter(outlivesGap)
    // Before the step is committed "running until" lies ahead again, so that the step itself may be released.
    return [{ kind: 'time-gap', from }, ...kept]
  }

  async #write(
    steps: readonly DecidedStep[],
    now: Instant,
    promises: boolean,
    runningAheadMs: number = RUNNING_AHEAD_MS,
  ): Promise<void> {
    const { store, inbox, outlets, log } = this.#parts
    const storageFails = this.#parts.storageFails?.bind(this.#parts)
    const leaseEvents = steps.flatMap((step) => step.leaseEvents)
    const startedAt = performance.now()
    const verdict = await commitPersistently(
      store,
      {
        number: this.#commitNumber + 1,
        changes: steps.flatMap((step) => step.commit),
        leaseEvents: leaseEvents.length === 0 ? undefined : leaseEvents,
        atMs: now,
        runningUntilMs: addMs(now, runningAheadMs),
        promises,
      },
      {
        log,
        suspend(detail) {
          log('alarm', `storage has failed for three seconds, clients and partner are not served: ${detail}`)
          storageFails?.(true)
          inbox.stopDatagrams()
          outlets.closeAllStreams('storage fails')
        },
        resume(afterMs) {
          storageFails?.(false)
          log('warning', `storage answers again after ${Math.round(afterMs / 1000)} s`)
        },
      },
      this.#parts.giveUpAfterMs,
    )
    if (!verdict.ok) {
      this.#failure = verdict.reason
      return
    }
    this.#commitNumber += 1
    this.#runningUntil = instant(verdict.receipt.runningUntilMs)
    this.#gapIsCertain = verdict.suspended
    this.#parts.committed(performance.now() - startedAt)
  }
}

/** ADVERTISE, or nothing at all, about a table that this step leaves as it was. Frames keep their order. */
function isOffer(step: Effects): boolean {
  return (
    step.commit.length === 0 &&
    step.afterCommit.every((output) => output.kind === 'send-datagram' && !isPromise(output))
  )
}

/** Of it nobody is told anything, so that losing it breaks no promise: the acknowledgement of an update, the end of a lease. */
function mayWait(step: Effects): boolean {
  return step.afterCommit.length === 0 && step.commit.every(({ kind }) => kind === 'binding-put')
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
