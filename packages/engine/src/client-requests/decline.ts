/** DECLINE: an address turned out to be in use by something else on the link (RFC 9915 §18.3.8). */
import type { Answer } from './answer.ts'
import { abandonedBinding } from './change-binding.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { endLeases } from './end-leases.ts'
import type { RequestContext } from './request-context.ts'

export function answerDecline(request: IdentifiedRequest, context: RequestContext): Answer {
  return endLeases(request, context, {
    kinds: ['address'],
    end: (binding) => abandonedBinding(binding, context.now),
  })
}
