/** Pools in the order of urgency, as it was when something that matters changed: rows do not change places with each lease. */
import type { Pool } from '@tandem/api-contract'
import { useState } from 'react'
import { byUrgency, firstToRunOut } from '../../components/forecast-words.ts'

export function useSteadyOrder(pools: readonly Pool[]): readonly Pool[] {
  const reason = reasonToOrder(pools)
  const [kept, keep] = useState(() => ({ reason, ids: idsByUrgency(pools) }))
  if (kept.reason !== reason) keep({ reason, ids: idsByUrgency(pools) })
  const byId = new Map(pools.map((pool) => [pool.id, pool]))
  return kept.ids.flatMap((id) => byId.get(id) ?? [])
}

/** Another one runs out first, or there are other pools. */
export function reasonToOrder(pools: readonly Pool[]): string {
  return [firstToRunOut(pools, 'present')?.pool.id ?? 'none', ...pools.map(({ id }) => id).toSorted()].join(' ')
}

function idsByUrgency(pools: readonly Pool[]): readonly string[] {
  return byUrgency(pools).map(({ id }) => id)
}
