/** Whether the partner may be told of a lease again, by what it has on record itself (decision 0128). */
import { mayBeToldAgain } from '@tandem/api-contract'
import type { Lease, PartnerLease, Problem } from '@tandem/api-contract'

export interface WhyNot {
  readonly refusal: NonNullable<Problem['refusal']>
  readonly detail: string
  readonly remedy: string
}

/** Undefined: it may. */
export function whyNotToldAgain(
  own: Lease,
  { serverName, outcome, problem, record }: PartnerLease,
): WhyNot | undefined {
  if (outcome === 'unavailable') {
    return {
      refusal: 'partner-not-asked',
      detail: `${serverName} could not be asked for its record: ${problem ?? 'no reason is known'}.`,
      remedy: 'Tell it again when the private channel to it answers.',
    }
  }
  if (mayBeToldAgain(own, outcome === 'no-record' ? null : (record ?? {}))) return undefined
  return {
    refusal: 'would-undo-there',
    detail: `Telling it could undo what ${serverName} has: another client, or a lease in use that is over here.`,
    remedy:
      'Look at both records. Where both have a client they settle it when one of them renews or its lease ends; else tell it from the other console.',
  }
}
