/** SOLICIT: offer a lease for each IA, or bind it at once where both sides want rapid commit (RFC 9915 §18.3.1). */
import { hasBug } from '../deliberate-bug.ts'
import { hasOption, rapidCommitOption } from '@tandem/protocol'
import { silent, type Answer } from './answer.ts'
import { advertise, rapidReply } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { grantIas } from './grant-ias.ts'
import type { RequestContext } from './request-context.ts'

export function answerSolicit(request: IdentifiedRequest, context: RequestContext): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it asks for no lease')
  if (hasBug('new-clients-ignored')) return silent('nothing-to-say', 'new clients are ignored')
  const decisions = grantIas(request, request.ias, context)
  const hasLeases = decisions.some(({ grants }) => grants.length > 0)
  if (!hasLeases && context.served.every((subnet) => context.policy.offersBesidePrimary(subnet.relationship))) {
    return silent('failover-state', 'this standby has nothing to offer beside its primary')
  }
  const binds = hasLeases && bothWantRapidCommit(request, context)
  return binds ? rapidReply(request, context, decisions) : advertise(request, context, decisions)
}

function bothWantRapidCommit(request: IdentifiedRequest, context: RequestContext): boolean {
  return (
    hasOption(request.message.options, rapidCommitOption) &&
    context.served.every((subnet) => subnet.rapidCommit && !context.policy.offersBesidePrimary(subnet.relationship))
  )
}
