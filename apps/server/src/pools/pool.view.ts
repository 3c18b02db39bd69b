/** Pools as the API shows them. */
import type { Pool, PoolList } from '@tandem/api-contract'
import type { PoolSnapshot } from '@tandem/engine'
import type { PublishedView } from '../engine/engine-service.ts'
import { countOf, isoOf } from '../http/view-values.ts'

export function toPoolList({ snapshot, commitNumber, publishedAtMs }: PublishedView): PoolList {
  return {
    items: snapshot.pools.map(toPoolView),
    commitNumber: countOf(commitNumber),
    publishedAt: isoOf(publishedAtMs),
  }
}

export function toPoolView(pool: PoolSnapshot): Pool {
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
  }
}
