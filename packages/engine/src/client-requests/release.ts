/** RELEASE: the client gives leases back (RFC 9915 §18.3.7; RFC 8156 section 7.2). */
import type { Answer } from './answer.ts'
import { releasedBinding } from './change-binding.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { endLeases } from './end-leases.ts'
import type { RequestContext } from './request-context.ts'

export function answerRelease(request: IdentifiedRequest, context: RequestContext): Answer {
  return endLeases(request, context, {
    kinds: ['address', 'prefix'],
    end: (binding) => releasedBinding(binding, context.now),
  })
}
