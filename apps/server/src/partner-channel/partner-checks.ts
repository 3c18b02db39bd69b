/** What the partner finds of itself and of a relationship; of another version, what is not known here is passed over. */
import { Check } from '@tandem/api-contract'
import * as z from 'zod'
import type { PartnerChecks } from '../http/channel-views.ts'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { PartnerToAsk } from './partner-lease.ts'

const Told = z.object({ items: z.array(z.unknown()) })

export async function askChecks(
  { relationship, partnerName, questions }: PartnerToAsk,
  clock: () => number,
): Promise<PartnerChecks> {
  const asked = await questions.ask(pathOf({ relationship, kind: 'checks' }))
  const asOfMs = clock()
  if (asked.kind === 'unusable' && asked.status === 404) {
    return noChecks(partnerName, 'it does not tell what it finds; it may be of an older version', asOfMs)
  }
  if (asked.kind !== 'answered') return noChecks(partnerName, asked.problem, asOfMs)
  const told = Told.safeParse(asked.body)
  if (!told.success) return noChecks(partnerName, 'its answer is not understood: it has no list of findings', asOfMs)
  const items = told.data.items.flatMap((each) => {
    const check = Check.safeParse(each)
    // Whoever answers has proven who it is; it speaks of itself and of this relationship only.
    if (!check.success) return []
    const { relationship: of, ...rest } = check.data
    return [{ ...rest, serverName: partnerName, relationship: of === null ? null : relationship }]
  })
  return { server: { serverName: partnerName, outcome: 'told', problem: null, asOf: isoOf(asOfMs) }, items }
}

export function noChecks(serverName: string, problem: string, asOfMs: number): PartnerChecks {
  return { server: { serverName, outcome: 'unavailable', problem, asOf: isoOf(asOfMs) }, items: [] }
}
