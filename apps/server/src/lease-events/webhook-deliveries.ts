/** Runs the webhooks: those that there are, whichever server they were made on, as long as this server runs. */
import { Inject, Injectable } from '@nestjs/common'
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { CONFIGURATION, CONSOLE_DATABASE, LOG } from '../http/injection-tokens.ts'
import type { Log } from '../observability/log.ts'
import type { WebhookFigures } from '../observability/metrics/webhook-metrics.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { readEventBounds } from '../storage/lease-events.queries.ts'
import { listWebhookRows, removeStrayPositions } from '../storage/webhooks.queries.ts'
import type { WebhookRow } from '../storage/webhooks.queries.ts'
import { WebhookRunner } from './webhook-runner.ts'

/** How soon an event is sent, beside the half second that the tables may be behind. */
const LOOK_INTERVAL_MS = 300
/** The partner, and the command line, may have made or removed one. */
const REREAD_INTERVAL_MS = 2_000

@Injectable()
export class WebhookDeliveries implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #runners = new Map<string, WebhookRunner>()
  #readAt = -Infinity
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #reading: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#lookLater(0)
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#looking
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()))
  }

  /** Of those that there are now. */
  async runners(): Promise<readonly WebhookRunner[]> {
    await this.#reread()
    return [...this.#runners.values()]
  }

  async find(id: string): Promise<WebhookRunner | undefined> {
    await this.#reread()
    return this.#runners.get(id)
  }

  figures(): readonly WebhookFigures[] {
    return [...this.#runners.values()].map((runner) => runner.figures())
  }

  #lookLater(pauseMs: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      // Where the database does not answer, the storage says so; here the next look is enough.
      this.#looking = this.#look()
        .catch(() => undefined)
        .finally(() => this.#lookLater(LOOK_INTERVAL_MS))
    }, pauseMs)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#readAt >= REREAD_INTERVAL_MS) await this.#reread()
    if (this.#runners.size === 0) return
    const { origin, lastCommitNumber } = await readEventBounds(this.database)
    for (const runner of this.#runners.values()) runner.wake(`${origin}-${lastCommitNumber}`)
  }

  /** One after another: what was read before a removal must not bring back what is gone. */
  async #reread(): Promise<void> {
    const reading = this.#reading.catch(() => undefined).then(async () => this.#readNow())
    this.#reading = reading
    return reading
  }

  async #readNow(): Promise<void> {
    const rows = await listWebhookRows(this.database)
    this.#readAt = performance.now()
    const ids = new Set(rows.map(({ id }) => id))
    const gone = [...this.#runners.keys()].filter((id) => !ids.has(id))
    await Promise.all(gone.map((id) => this.#stopOne(id)))
    if (gone.length > 0) await removeStrayPositions(this.database, [...ids])
    if (this.#isStopped) return
    for (const row of rows) if (!this.#runners.has(row.id)) this.#runners.set(row.id, this.#runnerOf(row))
  }

  /** Resolves when a delivery that was under way has ended. */
  async #stopOne(id: string): Promise<void> {
    const runner = this.#runners.get(id)
    this.#runners.delete(id)
    await runner?.stop()
  }

  #runnerOf(webhook: WebhookRow): WebhookRunner {
    const { database, log } = this
    return new WebhookRunner({ webhook, database, log, server: this.configuration.node.name, clock: Date.now })
  }
}
