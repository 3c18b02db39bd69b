/** Pools with their counts, now and over time, and the commands that drain one. */
import { Controller, Inject } from '@nestjs/common'
import { drainPool, getPartnerPool, listPoolHistory, listPools, poolKeyOf, stopDraining } from '@tandem/api-contract'
import type { PartnerPool, Pool, PoolHistory, PoolPage, PoolQuery } from '@tandem/api-contract'
import type { PoolCommand, PoolSnapshot } from '@tandem/engine'
import type { EngineService } from '../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { commandRefusal } from '../http/command-refusal.ts'
import { decodeCursor, pageFrom, wrongCursor } from '../http/cursor.ts'
import { historyPage, toSampleQuery } from '../http/history-page.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { commandIdOf } from '../http/idempotency.interceptor.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { untilViewShows } from '../http/until-view-shows.ts'
import { countOf, isoOf } from '../http/view-values.ts'
import { wasCommandDone } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listPoolSampleRows } from '../storage/samples.queries.ts'
import { PoolTrends } from './pool-trends.ts'
import { toPoolPoint, toPoolView } from './pool.view.ts'

@Controller()
export class PoolsController {
  constructor(
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(PoolTrends) private readonly trends: PoolTrends,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  @Route(listPools)
  list({ query }: RouteInput<typeof listPools>): PoolPage {
    const view = this.engine.view()
    const rest = after(view.snapshot.pools, query.cursor).filter((pool) => fits(pool, query))
    const toItem = (pool: PoolSnapshot): Pool => this.toView(pool)
    return {
      commitNumber: countOf(view.commitNumber),
      publishedAt: isoOf(view.publishedAtMs),
      ...pageFrom(rest, query.limit, toItem, ({ subnetId, id }) => [subnetId, id]),
    }
  }

  @Route(listPoolHistory)
  async history({ params, query }: RouteInput<typeof listPoolHistory>): Promise<PoolHistory> {
    const rows = await listPoolSampleRows(this.database, this.poolOrRefuse(params.pool).id, toSampleQuery(query))
    return historyPage(rows, query, toPoolPoint)
  }

  @Route(getPartnerPool)
  async getOfPartner({ params }: RouteInput<typeof getPartnerPool>): Promise<PartnerPool> {
    const { id, relationship } = this.poolOrRefuse(params.pool)
    if (relationship !== undefined) return this.channels.partnerPool(relationship, id)
    throw new HttpProblem('not-found', {
      detail: `${id} belongs to no relationship: no partner counts it.`,
      remedy: 'The counts here are the only ones.',
      fields: [{ field: 'params.pool', message: 'has no partner' }],
    })
  }

  @Route(drainPool)
  async drain(input: RouteInput<typeof drainPool>): Promise<Pool> {
    return this.command('drain-pool', input)
  }

  @Route(stopDraining)
  async stopDraining(input: RouteInput<typeof stopDraining>): Promise<Pool> {
    return this.command('stop-draining', input)
  }

  private async command(
    kind: PoolCommand['kind'],
    { params, body, principal, request }: RouteInput<typeof drainPool> | RouteInput<typeof stopDraining>,
  ): Promise<Pool> {
    const { id } = this.poolOrRefuse(params.pool)
    const commandId = commandIdOf(request)
    // A process that died between the commit and its answer left the key without an answer, but the audit with the deed.
    if (!(await wasCommandDone(this.database, commandId))) {
      const result = await this.engine.command(commandId, principal.name, { kind, pool: id, reason: body.reason })
      if (!result.ok) throw commandRefusal(result)
      const isDrained = (): boolean => this.poolOrRefuse(id).drain !== undefined
      await untilViewShows(this.engine, () => isDrained() === (kind === 'drain-pool'))
    }
    return this.toView(this.poolOrRefuse(id))
  }

  private toView(pool: PoolSnapshot): Pool {
    const forecast = this.trends.forecasts(pool, this.engine.view())
    return toPoolView(pool, forecast, (relationship) => this.channels.partnerView(relationship))
  }

  private poolOrRefuse(key: string): PoolSnapshot {
    const { pools } = this.engine.view().snapshot
    const found = pools.find(({ id }) => poolKeyOf(id) === poolKeyOf(key))
    if (found !== undefined) return found
    throw new HttpProblem('not-found', {
      detail: `This server has no pool ${key}.`,
      remedy: 'GET /api/v1/pools lists those that there are.',
      fields: [{ field: 'params.pool', message: 'names no pool' }],
    })
  }
}

/** The order of the configuration stands still for as long as the process. */
function after(pools: readonly PoolSnapshot[], cursor: string | undefined): readonly PoolSnapshot[] {
  if (cursor === undefined) return pools
  const [subnetId, id] = decodeCursor(cursor, 2)
  const last = pools.findIndex((pool) => pool.subnetId === subnetId && pool.id === id)
  if (last === -1) throw wrongCursor()
  return pools.slice(last + 1)
}

function fits(pool: PoolSnapshot, { subnet, relationship, kind }: PoolQuery): boolean {
  return (
    (subnet === undefined || pool.subnetId === subnet) &&
    (relationship === undefined || pool.relationship === relationship) &&
    (kind === undefined || pool.kind === kind)
  )
}
