/** Pools as the API shows them. */
import type { Pool, PoolForecasts, PoolList, PoolPoint } from '@tandem/api-contract'
import type { PoolSnapshot } from '@tandem/engine'
import type { PublishedView } from '../engine/engine-service.ts'
import { countOf, isoOf } from '../http/view-values.ts'
import type { PoolSampleRow } from '../storage/samples.queries.ts'

/** When a pool runs out, as of a view. */
export interface Forecaster {
  forecasts(pool: PoolSnapshot, view: PublishedView): PoolForecasts
}

export function toPoolList(view: PublishedView, forecaster: Forecaster): PoolList {
  const { snapshot, commitNumber, publishedAtMs } = view
  return {
    items: snapshot.pools.map((pool) => toPoolView(pool, forecaster.forecasts(pool, view))),
    commitNumber: countOf(commitNumber),
    publishedAt: isoOf(publishedAtMs),
  }
}

export function toPoolView(pool: PoolSnapshot, forecast: PoolForecasts): Pool {
  return {
    id: pool.id,
    subnetId: pool.subnetId,
    kind: pool.kind,
    relationship: pool.relationship ?? null,
    delegatedLength: pool.delegatedLength ?? null,
    total: countOf(pool.total),
    leased: countOf(pool.leased),
    ownFree: countOf(pool.ownFree),
    partnerFree: countOf(pool.partnerFree),
    quarantined: countOf(pool.quarantined),
    waiting: countOf(pool.waiting),
    reserved: countOf(pool.reserved),
    forecast,
  }
}

export function toPoolPoint({ at, ...counts }: PoolSampleRow): PoolPoint {
  return { at: isoOf(Number(at)), ...counts }
}
