/** A stretch of the table of leases compared with that of the partner, which is asked once. */
import { AGREEMENT_RULES } from '@tandem/api-contract'
import type { ComparedStretch, StretchAnswer } from '../http/channel-views.ts'
import { pathOf } from './channel-contract.ts'
import { compareStretch, digestOf, ToldStretch } from './lease-stretch.ts'
import type { PartnerToAsk } from './partner-lease.ts'

export async function askStretch(
  { relationship, questions }: PartnerToAsk,
  { after, through, leases }: ComparedStretch,
): Promise<StretchAnswer> {
  const digest = digestOf(leases, 'asker')
  const asked = await questions.ask(pathOf({ relationship, kind: 'lease-stretch', after, through, digest }))
  if (asked.kind === 'unusable' && asked.status === 404) {
    return final(`it does not tell stretches of its leases; it may be of an older version (${asked.problem})`)
  }
  if (asked.kind !== 'answered') return { kind: 'failed', problem: asked.problem, isFinal: false }
  const read = ToldStretch.safeParse(asked.body)
  if (!read.success) return final('its answer is not understood: it has no stretch of leases')
  const told = read.data
  if (told.rules !== AGREEMENT_RULES) return final('it is of a version that compares leases by other rules')
  const isForward = told.upTo === null || ((after ?? '') < told.upTo && (through === null || told.upTo <= through))
  if (!isForward) return final('its answer is not understood: it goes on where it was before')
  return { kind: 'compared', items: compareStretch(leases, told), upTo: told.upTo }
}

function final(problem: string): StretchAnswer {
  return { kind: 'failed', problem, isFinal: true }
}
