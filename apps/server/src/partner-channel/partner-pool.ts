/** One pool as the partner counts it, asked when somebody looks at it. */
import { PartnerPoolCounts } from '@tandem/api-contract'
import type { PartnerPool } from '@tandem/api-contract'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { PartnerToAsk } from './partner-lease.ts'
import { understood } from './what-is-understood.ts'

export async function askPool(
  { relationship, partnerName, questions }: PartnerToAsk,
  poolId: string,
  clock: () => number,
): Promise<PartnerPool> {
  const asked = await questions.ask(pathOf({ relationship, kind: 'pools' }))
  const asOfMs = clock()
  if (asked.kind !== 'answered') return unavailablePool(partnerName, asked.problem, asOfMs)
  const pools = poolsIn(asked.body)
  if (pools === undefined) {
    return unavailablePool(partnerName, 'its answer is not understood: it has no list of pools', asOfMs)
  }
  const found = pools.find((pool) => typeof pool === 'object' && pool !== null && 'id' in pool && pool.id === poolId)
  const told = { serverName: partnerName, problem: null, asOf: isoOf(asOfMs) }
  if (typeof found !== 'object' || found === null) return { ...told, outcome: 'no-pool', counts: null }
  return { ...told, outcome: 'told', counts: understood(PartnerPoolCounts, found) }
}

export function unavailablePool(partnerName: string, problem: string, asOfMs: number): PartnerPool {
  return { serverName: partnerName, outcome: 'unavailable', problem, asOf: isoOf(asOfMs), counts: null }
}

function poolsIn(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('items' in body)) return undefined
  const items: unknown = body.items
  return Array.isArray(items) ? (items as readonly unknown[]) : undefined
}
