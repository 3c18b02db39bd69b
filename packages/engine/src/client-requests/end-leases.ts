/** What RELEASE and DECLINE have in common: leases that their client no longer wants (RFC 9915 §18.3.7, §18.3.8). */
import { StatusCode, type OptionInstance } from '@tandem/protocol'
import type { Binding, LeaseKind } from '../bindings/binding.ts'
import { silent, type Answer } from './answer.ts'
import { iaStatusOption, plainReply, statusOption } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { mayAnswer, type RequestContext } from './request-context.ts'
import { ifHeldBy } from './reserved-lease.ts'

export interface EndingRule {
  readonly kinds: readonly LeaseKind[]
  readonly end: (binding: Binding) => Binding
}

/** Leases that are not the client's are ignored; an IA without any record is told NoBinding. */
export function endLeases(request: IdentifiedRequest, context: RequestContext, rule: EndingRule): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it names no lease')
  const ended: Binding[] = []
  const unknown: OptionInstance[] = []
  let notServed = 0
  for (const ia of request.ias) {
    const client = { duid: request.clientDuid, iaType: ia.iaType, iaid: ia.iaid }
    if (context.table.ofClient(client.duid, client.iaType, client.iaid).length === 0) {
      unknown.push(iaStatusOption(ia, StatusCode.NoBinding, 'no lease of this IA is on record'))
    }
    for (const { kind, prefix } of ia.leases) {
      const binding = ifHeldBy(context.table.find(kind, prefix), client)
      if (binding === undefined || !rule.kinds.includes(kind)) continue
      if (mayAnswer(context.policy, binding.relationship, request)) ended.push(rule.end(binding))
      else notServed += 1
    }
  }
  if (ended.length === 0 && notServed > 0) {
    return silent('failover-state', 'its leases are of a relationship that may not answer now')
  }
  return plainReply([statusOption(StatusCode.Success, ''), ...unknown], ended)
}
