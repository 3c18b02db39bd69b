/** Watches how much of each pool is free, and says when it runs out; what happened before a restart comes from the history. */
import { Inject, Injectable } from '@nestjs/common'
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common'
import type { PoolForecasts } from '@tandem/api-contract'
import { historySteps } from '@tandem/api-contract'
import type { PoolSnapshot } from '@tandem/engine'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService, PublishedView } from '../engine/engine-service.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listFreeSampleRows } from '../storage/samples.queries.ts'
import { forecastsOf, LONGEST_WINDOW_MS, trendOf } from './forecast.ts'
import type { FreePoint, Trend } from './forecast.ts'

/** A forecast moves at most so often, beside the counts themselves. */
const POINT_INTERVAL_MS = 60_000
/** Fine enough for the longest window, and little to read at a start. */
const SEED_STEP_SECONDS = historySteps[1].seconds

interface Watched {
  readonly total: bigint
  points: readonly FreePoint[]
  trend: Trend | undefined
}

@Injectable()
export class PoolTrends implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watched = new Map<string, Watched>()
  private readonly shared: ReadonlySet<string>
  private lastPointMs = Number.NEGATIVE_INFINITY
  private stop: (() => void) | undefined

  constructor(
    @Inject(CONFIGURATION) { engine: { subnets } }: ServerConfiguration,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
  ) {
    this.shared = new Set(
      subnets.flatMap(({ addressPools, prefixPools }) => [
        ...addressPools.filter(({ allocation }) => allocation === 'proportional').map(({ id }) => id),
        ...prefixPools.map(({ id }) => id),
      ]),
    )
  }

  async onApplicationBootstrap(): Promise<void> {
    const view = this.engine.view()
    await this.seed(view)
    this.look(view)
    this.stop = this.engine.onView((each) => this.look(each))
  }

  onApplicationShutdown(): void {
    this.stop?.()
  }

  forecasts(pool: PoolSnapshot, { snapshot, publishedAtMs }: PublishedView): PoolForecasts {
    const relationship = snapshot.relationships.find(({ name }) => name === pool.relationship)
    const situation = { relationship, isShared: this.shared.has(pool.id), nowMs: publishedAtMs }
    return forecastsOf(pool, situation, this.watched.get(pool.id)?.trend)
  }

  /** Without the history forecasts begin anew: no reason not to start. */
  private async seed({ snapshot, publishedAtMs }: PublishedView): Promise<void> {
    const fromMs = publishedAtMs - LONGEST_WINDOW_MS
    const rows = await listFreeSampleRows(this.database, SEED_STEP_SECONDS, fromMs).catch(() => [])
    for (const { id, total } of snapshot.pools) {
      const points = rows
        // Of another size it was another pool.
        .filter((row) => row.pool === id && row.total === total.toString())
        .map(({ at, ownFree, partnerFree }) => ({ atMs: Number(at), free: BigInt(ownFree) + BigInt(partnerFree) }))
      this.watched.set(id, { total, points, trend: trendOf(points) })
    }
  }

  private look({ snapshot, publishedAtMs: atMs }: PublishedView): void {
    if (atMs - this.lastPointMs < POINT_INTERVAL_MS) return
    this.lastPointMs = atMs
    for (const { id, total, ownFree, partnerFree } of snapshot.pools) {
      const before = this.watched.get(id)
      const kept = before?.total === total ? before.points.filter((point) => isKept(point, atMs)) : []
      const points = [...kept, { atMs, free: ownFree + partnerFree }]
      this.watched.set(id, { total, points, trend: trendOf(points) })
    }
  }
}

function isKept(point: FreePoint, nowMs: number): boolean {
  return point.atMs < nowMs && nowMs - point.atMs <= LONGEST_WINDOW_MS
}
