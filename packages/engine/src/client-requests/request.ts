/** REQUEST: bind a lease for each IA, the offered one where it is still to be had (RFC 9915 §18.3.2). */
import { prefixContains, StatusCode } from '@tandem/protocol'
import { refuseIa, silent, type Answer } from './answer.ts'
import { replyWithLeases } from './build-answer.ts'
import type { IdentifiedRequest, RequestedIa } from './client-request.ts'
import { grantIas } from './grant-ias.ts'
import type { RequestContext } from './request-context.ts'

export function answerRequest(request: IdentifiedRequest, context: RequestContext): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it asks for no lease')
  const decisions = new Map(
    request.ias
      .filter((ia) => namesAddressOffLink(ia, context))
      .map((ia) => [ia, refuseIa(ia, StatusCode.NotOnLink, 'an address is not of this link')]),
  )
  const onLink = request.ias.filter((ia) => !decisions.has(ia))
  for (const decision of grantIas(request, onLink, context)) decisions.set(decision.ia, decision)
  return replyWithLeases(
    request,
    context,
    request.ias.flatMap((ia) => decisions.get(ia) ?? []),
  )
}

function namesAddressOffLink(ia: RequestedIa, context: RequestContext): boolean {
  return ia.leases.some(
    ({ kind, prefix }) =>
      kind === 'address' && !context.link.subnets.some((subnet) => prefixContains(subnet.prefix, prefix.address)),
  )
}
