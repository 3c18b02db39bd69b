/** Pools as the API shows them. */
import type { PartnerView, Pool, PoolDraining, PoolForecasts, PoolList, PoolPoint } from '@tandem/api-contract'
import type { DrainSnapshot, PoolSnapshot } from '@tandem/engine'
import type { PublishedView } from '../engine/engine-service.ts'
import { countOf, isoOf, isoOrNull } from '../http/view-values.ts'
import type { PoolSampleRow } from '../storage/samples.queries.ts'

/** When a pool runs out, as of a view. */
export interface Forecaster {
  forecasts(pool: PoolSnapshot, view: PublishedView): PoolForecasts
}

/** What the partner says of itself; null: no private channel. */
export type ReadPartnerView = (relationship: string) => PartnerView | null

export function toPoolList(view: PublishedView, forecaster: Forecaster, partnerView: ReadPartnerView): PoolList {
  const { snapshot, commitNumber, publishedAtMs } = view
  return {
    items: snapshot.pools.map((pool) => toPoolView(pool, forecaster.forecasts(pool, view), partnerView)),
    commitNumber: countOf(commitNumber),
    publishedAt: isoOf(publishedAtMs),
  }
}

export function toPoolView(pool: PoolSnapshot, forecast: PoolForecasts, partnerView: ReadPartnerView): Pool {
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
    draining: pool.drain === undefined ? null : toDrainingView(pool.drain),
    partnerDraining: pool.relationship === undefined ? null : partnerDrains(pool.id, partnerView(pool.relationship)),
    forecast,
  }
}

function toDrainingView({ since, operator, reason, ...counts }: DrainSnapshot): PoolDraining {
  return {
    since: isoOf(since),
    operator,
    reason,
    leasesLeft: countOf(counts.leasesLeft),
    emptyBy: isoOrNull(counts.lastEndAt),
    reservedInUse: countOf(counts.reservedInUse),
  }
}

/** What it said before it fell silent need not be so any more. */
function partnerDrains(pool: string, partner: PartnerView | null): boolean | null {
  if (partner?.channel.state !== 'answers') return null
  return partner.told?.drainingPools?.includes(pool) ?? null
}

export function toPoolPoint({ at, ...counts }: PoolSampleRow): PoolPoint {
  return { at: isoOf(Number(at)), ...counts }
}
