/** RENEW: extend what this server has on record for the client (RFC 9915 §18.3.4). */
import { StatusCode } from '@tandem/protocol'
import { refuseIa, silent, type Answer } from './answer.ts'
import { replyWithLeases } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { extendIa } from './extend-ia.ts'
import type { RequestContext } from './request-context.ts'
import { TakenLeases } from './taken-leases.ts'

export function answerRenew(request: IdentifiedRequest, context: RequestContext): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it names no lease')
  const taken = new TakenLeases(request.ias)
  const decisions = request.ias.flatMap((ia) => {
    const extension = extendIa(ia, request, context, taken)
    switch (extension.kind) {
      case 'decided':
        return extension.decision
      case 'unknown':
        return refuseIa(ia, StatusCode.NoBinding, 'no lease of this IA is on record')
      case 'not-served':
        return []
    }
  })
  if (decisions.length === 0)
    return silent('failover-state', 'its leases are of a relationship that may not answer now')
  return replyWithLeases(request, context, decisions)
}
