/** What the partner tells of a stretch of time; of another version, kinds that are not known here are passed over. */
import { FailoverState, TimelineEntry, Timestamp } from '@tandem/api-contract'
import * as z from 'zod'
import type { AskedStretch, PartnerTimeline } from '../http/channel-views.ts'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { PartnerToAsk } from './partner-lease.ts'
import { understood } from './what-is-understood.ts'

const Told = z.object({ items: z.array(z.unknown()) })
const About = z.object({
  stateBefore: FailoverState.nullable().default(null),
  completeFrom: Timestamp.nullable().default(null),
})

export async function askTimeline(
  { relationship, partnerName, questions }: PartnerToAsk,
  stretch: AskedStretch,
  clock: () => number,
): Promise<PartnerTimeline> {
  const asked = await questions.ask(pathOf({ relationship, kind: 'timeline', ...stretch }))
  const asOfMs = clock()
  if (asked.kind === 'unusable' && asked.status === 404) {
    return noTimeline(partnerName, 'it does not tell its timeline; it may be of an older version', asOfMs)
  }
  if (asked.kind !== 'answered') return noTimeline(partnerName, asked.problem, asOfMs)
  const told = Told.safeParse(asked.body)
  if (!told.success) {
    return noTimeline(partnerName, 'its answer is not understood: it has no list of entries', asOfMs)
  }
  const items = told.data.items.flatMap((each) => {
    const entry = TimelineEntry.safeParse(each)
    // Whoever answers has proven who it is; it speaks of itself only.
    return entry.success ? [{ ...entry.data, serverName: partnerName }] : []
  })
  const about = understood(About, asked.body as object)
  const server = { serverName: partnerName, outcome: 'told', problem: null, asOf: isoOf(asOfMs), ...about } as const
  return { server, items }
}

export function noTimeline(serverName: string, problem: string, asOfMs: number): PartnerTimeline {
  const nothing = { stateBefore: null, completeFrom: null }
  return { server: { serverName, outcome: 'unavailable', problem, asOf: isoOf(asOfMs), ...nothing }, items: [] }
}
