/** Tells the main thread what was released: views at most every so often, changes of state at once, floods of notices bounded. */
import type { Effects, EngineSnapshot, Instant, Notice } from '@tandem/engine'
import type { DataPlaneCounters, PartnerCertificates, PublishedNotice, PublishedView } from './engine-service.ts'

const VIEW_INTERVAL_MS = 200
/** A view is due so often even when nothing happens: it is also the sign that the data plane lives. */
const QUIET_VIEW_INTERVAL_MS = 1000
/** Of each kind that comes with every packet, between two views; the rest are only counted. */
const FLOODING_NOTICES_MAX = 200

/** One for each datagram: only counted, or sampled. */
const floodingKinds: ReadonlySet<Notice['kind']> = new Set([
  'datagram-unanswered',
  'lease-changed',
  'allocation-failed',
  'update-rejected',
])

const changesOfState: ReadonlySet<Notice['kind']> = new Set([
  'failover-state-changed',
  'partner-state-changed',
  'connection-changed',
  'listeners-changed',
])

export interface PublisherParts {
  snapshot(now: Instant): EngineSnapshot
  counters(): DataPlaneCounters
  certificates(): readonly PartnerCertificates[]
  now(): Instant
  postView(view: PublishedView): void
  postNotices(notices: readonly PublishedNotice[]): void
  /** To be called back with `released` soon, although nothing may happen. */
  wakeAfter(delayMs: number): void
}

export class Publisher {
  readonly #parts: PublisherParts
  readonly #notices: PublishedNotice[] = []
  readonly #flooding = new Map<Notice['kind'], number>()
  #lastViewAtMs = Number.NEGATIVE_INFINITY
  #isUrgent = false
  #hasNews = false

  constructor(parts: PublisherParts) {
    this.#parts = parts
  }

  notice(commitNumber: number, notice: Notice): void {
    if (notice.kind === 'datagram-answered') return
    if (floodingKinds.has(notice.kind)) {
      const count = (this.#flooding.get(notice.kind) ?? 0) + 1
      this.#flooding.set(notice.kind, count)
      if (count > FLOODING_NOTICES_MAX) return
    }
    if (changesOfState.has(notice.kind)) this.#isUrgent = true
    this.#notices.push({ commitNumber, atMs: this.#parts.now(), notice })
  }

  /** Only while everything that the engine holds is durable, but what is held back (decision 0084). */
  released(commitNumber: number, steps: readonly Effects[]): void {
    if (steps.length > 0) this.#hasNews = true
    if (steps.some((step) => step.afterCommit.some((output) => output.kind === 'command-answered'))) {
      this.#isUrgent = true
    }
    const sinceMs = performance.now() - this.#lastViewAtMs
    if (this.#isUrgent || sinceMs >= (this.#hasNews ? VIEW_INTERVAL_MS : QUIET_VIEW_INTERVAL_MS)) {
      this.publish(commitNumber)
    } else if (this.#hasNews) {
      this.#parts.wakeAfter(VIEW_INTERVAL_MS - sinceMs)
    }
  }

  publish(commitNumber: number): void {
    const now = this.#parts.now()
    this.#lastViewAtMs = performance.now()
    this.#isUrgent = false
    this.#hasNews = false
    this.#parts.postView({
      commitNumber,
      publishedAtMs: now,
      snapshot: this.#parts.snapshot(now),
      counters: this.#parts.counters(),
      certificates: this.#parts.certificates(),
    })
    this.#flooding.clear()
    if (this.#notices.length > 0) this.#parts.postNotices(this.#notices.splice(0))
  }
}
