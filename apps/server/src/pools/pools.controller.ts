/** Pools with their counts. */
import { Controller, Inject } from '@nestjs/common'
import { listPools } from '@tandem/api-contract'
import type { PoolPage, PoolQuery } from '@tandem/api-contract'
import type { PoolSnapshot } from '@tandem/engine'
import type { EngineService } from '../engine/engine-service.ts'
import { decodeCursor, pageFrom, wrongCursor } from '../http/cursor.ts'
import { ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { toPoolList, toPoolView } from './pool.view.ts'

@Controller()
export class PoolsController {
  constructor(@Inject(ENGINE_SERVICE) private readonly engine: EngineService) {}

  @Route(listPools)
  list({ query }: RouteInput<typeof listPools>): PoolPage {
    const view = this.engine.view()
    const rest = after(view.snapshot.pools, query.cursor).filter((pool) => fits(pool, query))
    const { items: _all, ...facts } = toPoolList({ ...view, snapshot: { ...view.snapshot, pools: [] } })
    return { ...facts, ...pageFrom(rest, query.limit, toPoolView, ({ subnetId, id }) => [subnetId, id]) }
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
