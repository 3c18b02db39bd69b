/**
 * One webhook: what this server did, in order, one delivery at a time, each sent until it is accepted; the position is stored after
 * that, so a delivery comes at least once (decision 0113).
 */
import { randomUUID } from 'node:crypto'
import type { WebhookDelivery, WebhookMessage, WebhookTest } from '@tandem/api-contract'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import type { Log } from '../observability/log.ts'
import type { WebhookFigures } from '../observability/metrics/webhook-metrics.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { commitBefore, readEventBounds } from '../storage/lease-events.queries.ts'
import { findWebhookPosition, storeWebhookPosition } from '../storage/webhooks.queries.ts'
import type { WebhookRow } from '../storage/webhooks.queries.ts'
import { positionText } from './event-position.ts'
import { oldestPlace } from './event-start.ts'
import { messageId, nextBatch } from './webhook-batch.ts'
import type { EventsPlace, WebhookBatch } from './webhook-batch.ts'
import { WebhookPost } from './webhook-post.ts'
import type { Posted } from './webhook-post.ts'
import { signedHeaders } from './webhook-signature.ts'

export interface WebhookRunnerOptions {
  readonly webhook: WebhookRow
  readonly database: ConsoleDatabase
  readonly server: string
  readonly log: Log
  readonly clock: () => number
}

const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 300_000
/** Where nothing is sent, the position moves on all the same, or it would be older than what is kept one day. */
const STORE_IDLE_MS = 60_000
/** The partner may have made the webhook, by its own clock. */
const CLOCKS_APART_MS = 10_000
const GONE = 410

export class WebhookRunner {
  readonly #options: WebhookRunnerOptions
  readonly #post: WebhookPost
  readonly #stops = new AbortController()
  #position: EventsPlace | undefined
  #deliveredAtMs: number | undefined
  #stoppedBecause: string | undefined
  /** Sent, or to be sent again, with when it was first tried. */
  #pending: { readonly batch: WebhookBatch; readonly body: string } | undefined
  /** There is more than what was last read. */
  #more = false
  #failures = 0
  #problem: string | undefined
  #nextAttemptAtMs: number | undefined
  #storedAtMs = 0
  #seenCommit: string | undefined
  #turn: Promise<void> | undefined
  readonly #counts = { accepted: 0, refused: 0, events: 0 }

  constructor(options: WebhookRunnerOptions) {
    this.#options = options
    this.#post = new WebhookPost(options.webhook)
  }

  get webhook(): WebhookRow {
    return this.#options.webhook
  }

  /** `lastCommit`: of the tables; whoever has seen it has nothing to look for. */
  wake(lastCommit: string): void {
    if (this.#turn !== undefined || this.#stops.signal.aborted || !this.#isDue(lastCommit)) return
    this.#turn = this.#run(lastCommit)
      // Where the database does not answer, the next look finds it again.
      .catch(() => undefined)
      .finally(() => {
        this.#turn = undefined
      })
  }

  async stop(): Promise<void> {
    this.#stops.abort()
    await this.#turn
    this.#post.close()
  }

  /** From this place on, whatever was delivered or refused before. */
  async begin(place: EventsPlace): Promise<void> {
    await this.#turn
    this.#pending = undefined
    this.#stoppedBecause = undefined
    this.#accepted()
    this.#position = place
    this.#seenCommit = undefined
    await this.#store()
  }

  async test(): Promise<WebhookTest> {
    const { webhook, database, server, clock } = this.#options
    const bounds = await readEventBounds(database)
    const position = positionText(bounds.origin, this.#position ?? oldestPlace(bounds))
    const message: WebhookMessage = {
      type: 'test',
      timestamp: isoOf(clock()),
      data: { webhook: { id: webhook.id, name: webhook.name }, server, position, events: [] },
    }
    const startedAt = performance.now()
    const { status, problem } = await this.#send(messageId(webhook, `test-${randomUUID()}`), JSON.stringify(message))
    return {
      accepted: problem === undefined,
      status: status ?? null,
      tookMs: Math.round(performance.now() - startedAt),
      problem: problem ?? null,
    }
  }

  view(): WebhookDelivery {
    const position = this.#position
    return {
      server: this.#options.server,
      state: this.#state(),
      position: position === undefined ? null : positionText(position.origin, position),
      deliveredAt: isoOrNull(this.#deliveredAtMs),
      failures: this.#failures,
      problem: this.#stoppedBecause ?? this.#problem ?? null,
      nextAttemptAt: isoOrNull(this.#nextAttemptAtMs),
    }
  }

  figures(): WebhookFigures {
    return { name: this.#options.webhook.name, failures: this.#failures, ...this.#counts }
  }

  #state(): WebhookDelivery['state'] {
    if (this.#stoppedBecause !== undefined) return 'stopped'
    if (this.#failures > 0) return 'trying-again'
    if (this.#position === undefined) return 'not-begun'
    return this.#pending !== undefined || this.#more ? 'delivering' : 'in-step'
  }

  #isDue(lastCommit: string): boolean {
    if (this.#stoppedBecause !== undefined) return false
    if (this.#nextAttemptAtMs !== undefined) return this.#nextAttemptAtMs <= this.#options.clock()
    return this.#more || this.#pending !== undefined || this.#seenCommit !== lastCommit
  }

  async #run(lastCommit: string): Promise<void> {
    const { database, webhook, server } = this.#options
    if (this.#position === undefined) await this.#findPosition()
    if (this.#stoppedBecause !== undefined) return
    while (this.#position !== undefined && !this.#stops.signal.aborted) {
      const wasPending = this.#pending !== undefined
      const pending = this.#pending ?? this.#prepared(await nextBatch(database, webhook, server, this.#position))
      if (pending !== undefined && !(await this.#deliver(pending))) return
      // What waited says nothing of what came meanwhile.
      if (this.#more || wasPending) continue
      this.#seenCommit = lastCommit
      return
    }
  }

  /** Undefined: nothing of it is for this webhook. */
  #prepared(batch: WebhookBatch): { readonly batch: WebhookBatch; readonly body: string } | undefined {
    this.#more = batch.more
    if (batch.message === undefined) {
      this.#position = batch.position
      void this.#storeIdle()
      return undefined
    }
    const { type, data } = batch.message
    const message: WebhookMessage = { type, timestamp: isoOf(this.#options.clock()), data }
    this.#pending = { batch, body: JSON.stringify(message) }
    return this.#pending
  }

  async #deliver({ batch, body }: { readonly batch: WebhookBatch; readonly body: string }): Promise<boolean> {
    const { clock, log, webhook } = this.#options
    const { status, problem } = await this.#send(batch.message?.id ?? '', body)
    if (this.#stops.signal.aborted && problem !== undefined) return false
    if (status === GONE) {
      this.#stoppedBecause = 'it answered 410: the receiver is gone'
      this.#counts.refused += 1
      log.write('error', 'WEBHOOK_STOPPED', `${webhook.name}: ${this.#stoppedBecause}; nothing more is sent to it`)
      await this.#store()
      return false
    }
    if (problem !== undefined) {
      this.#failed(problem)
      return false
    }
    if (this.#failures > 0) log.write('info', 'WEBHOOK_ACCEPTS', `${webhook.name}: accepts deliveries again`)
    if (batch.lost !== undefined) {
      const why = `events were not told: the position ${batch.lost}`
      log.write('error', 'WEBHOOK_EVENTS_LOST', `${webhook.name}: ${why}; the receiver was told so`)
    }
    this.#counts.accepted += 1
    this.#counts.events += batch.message?.data.events.length ?? 0
    this.#position = batch.position
    this.#deliveredAtMs = clock()
    this.#pending = undefined
    this.#accepted()
    await this.#store()
    return true
  }

  #failed(problem: string): void {
    const { clock, log, webhook } = this.#options
    this.#counts.refused += 1
    this.#problem = problem
    if (this.#failures === 0) {
      log.write(
        'warning',
        'WEBHOOK_FAILS',
        `${webhook.name}: ${problem}; it is tried again, and nothing is lost meanwhile`,
      )
    }
    this.#failures += 1
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(20, this.#failures - 1))
    // Receivers that were away are not met by all at once.
    this.#nextAttemptAtMs = clock() + pauseMs * (0.75 + Math.random() / 4)
  }

  #accepted(): void {
    this.#failures = 0
    this.#problem = undefined
    this.#nextAttemptAtMs = undefined
  }

  async #send(id: string, body: string): Promise<Posted> {
    const { webhook, clock } = this.#options
    const headers = signedHeaders(webhook.secret, id, body, clock())
    return this.#post.send(body, { ...headers }, this.#stops.signal)
  }

  /** Where this server was with it before, or where the webhook begins. */
  async #findPosition(): Promise<void> {
    const { database, webhook } = this.#options
    const known = await findWebhookPosition(database, webhook.id)
    if (known !== undefined) {
      this.#position = known
      this.#deliveredAtMs = known.deliveredAtMs
      this.#stoppedBecause = known.stoppedBecause
      return
    }
    const bounds = await readEventBounds(database)
    const oldest = oldestPlace(bounds)
    const before = webhook.beginsWithOldest
      ? undefined
      : await commitBefore(database, Number(webhook.createdAt) - CLOCKS_APART_MS)
    const commitNumber = Math.max(oldest.commitNumber, before ?? 0)
    this.#position = { origin: bounds.origin, commitNumber, sequence: undefined }
    await this.#store()
  }

  async #storeIdle(): Promise<void> {
    if (this.#options.clock() - this.#storedAtMs < STORE_IDLE_MS) return
    await this.#store().catch(() => undefined)
  }

  async #store(): Promise<void> {
    const { database, webhook, clock } = this.#options
    if (this.#position === undefined) return
    const { origin, commitNumber, sequence } = this.#position
    const [deliveredAtMs, stoppedBecause] = [this.#deliveredAtMs, this.#stoppedBecause]
    await storeWebhookPosition(database, webhook.id, { origin, commitNumber, sequence, deliveredAtMs, stoppedBecause })
    this.#storedAtMs = clock()
  }
}
