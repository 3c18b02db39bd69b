/** One pool as the partner counts it, asked when somebody looks at it. */
import { PartnerPoolCounts } from '@tandem/api-contract'
import type { PartnerPool } from '@tandem/api-contract'
import * as z from 'zod'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { PartnerToAsk } from './partner-lease.ts'
import type { Asked } from './partner-questions.ts'
import { understood } from './what-is-understood.ts'

export async function askPool(partner: PartnerToAsk, poolId: string, clock: () => number): Promise<PartnerPool> {
  const { partnerName } = partner
  const asked = await askFrom(partner, poolId)
  const asOfMs = clock()
  if (asked.kind !== 'answered') return unavailablePool(partnerName, asked.problem, asOfMs)
  const pools = Pools.safeParse(asked.body)
  if (!pools.success) {
    return unavailablePool(partnerName, 'its answer is not understood: it has no list of pools', asOfMs)
  }
  const found = pools.data.items.find(({ id }) => id === poolId)
  const told = { serverName: partnerName, problem: null, asOf: isoOf(asOfMs) }
  if (found === undefined) return { ...told, outcome: 'no-pool', counts: null }
  return { ...told, outcome: 'told', counts: understood(PartnerPoolCounts, found) }
}

/** What is more in each of them is read as far as it is understood. */
const Pools = z.object({ items: z.array(z.looseObject({ id: z.string() })) })

/** The page that begins with it. A partner of an older version knows no pages: it tells all that it has. */
async function askFrom({ relationship, questions }: PartnerToAsk, from: string): Promise<Asked> {
  const asked = await questions.ask(pathOf({ relationship, kind: 'pools', from }))
  const knowsNoPages = asked.kind === 'unusable' && asked.status === 404
  return knowsNoPages ? questions.ask(pathOf({ relationship, kind: 'pools' })) : asked
}

export function unavailablePool(partnerName: string, problem: string, asOfMs: number): PartnerPool {
  return { serverName: partnerName, outcome: 'unavailable', problem, asOf: isoOf(asOfMs), counts: null }
}
