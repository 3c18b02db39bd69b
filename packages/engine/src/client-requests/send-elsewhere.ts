/** REQUEST for an offer that this server does not stand by any more: the client turns to the partner at once (RFC 9915 §18.2.10.1). */
import { StatusCode } from '@tandem/protocol'
import { refuseIa, silent, type Answer } from './answer.ts'
import { replyWithLeases } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import type { RequestContext } from './request-context.ts'

export function sendElsewhere(request: IdentifiedRequest, context: RequestContext): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it asks for no lease')
  const text = 'this server is handed over for maintenance, its partner serves'
  return replyWithLeases(
    request,
    context,
    request.ias.map((ia) =>
      refuseIa(ia, ia.iaType === 'IA_PD' ? StatusCode.NoPrefixAvail : StatusCode.NoAddrsAvail, text),
    ),
  )
}
