/** One lease in the words of the partner, asked when somebody looks at it; read as far as it is understood, as its status is. */
import { PartnerLeaseRecord } from '@tandem/api-contract'
import type { PartnerLease } from '@tandem/api-contract'
import { isoOf } from '../http/view-values.ts'
import { pathOf } from './channel-contract.ts'
import type { Asked } from './partner-questions.ts'
import { understood } from './what-is-understood.ts'

export interface PartnerToAsk {
  readonly relationship: string
  readonly partnerName: string
  readonly questions: { ask(path: string): Promise<Asked> }
}

export async function askLease(
  { relationship, partnerName, questions }: PartnerToAsk,
  lease: string,
  clock: () => number,
): Promise<PartnerLease> {
  const asked = await questions.ask(pathOf({ relationship, kind: 'lease', lease }))
  const nowMs = clock()
  if (asked.kind === 'answered') return leaseIn(asked.body, { partnerName, lease, nowMs })
  const isAbsent = asked.kind === 'unusable' && asked.status === 404
  if (!isAbsent) return unavailable(partnerName, asked.problem, nowMs)
  return { serverName: partnerName, outcome: 'no-record', problem: null, asOf: isoOf(nowMs), record: null }
}

export function unavailable(partnerName: string, problem: string, nowMs: number): PartnerLease {
  return { serverName: partnerName, outcome: 'unavailable', problem, asOf: isoOf(nowMs), record: null }
}

interface OfLease {
  readonly partnerName: string
  readonly lease: string
  readonly nowMs: number
}

function leaseIn(body: unknown, { partnerName, lease, nowMs }: OfLease): PartnerLease {
  if (typeof body !== 'object' || body === null || !('lease' in body) || body.lease !== lease) {
    return unavailable(partnerName, `its answer is not understood: it is not about ${lease}`, nowMs)
  }
  return {
    serverName: partnerName,
    outcome: 'told',
    problem: null,
    asOf: isoOf(nowMs),
    record: understood(PartnerLeaseRecord, body),
  }
}
