/** INFORMATION-REQUEST: settings without leases (RFC 9915 §18.3.6). */
import type { Answer } from './answer.ts'
import { dnsOptions, plainReply } from './build-answer.ts'
import type { ClientRequest } from './client-request.ts'
import type { RequestContext } from './request-context.ts'

export function answerInformationRequest(request: ClientRequest, context: RequestContext): Answer {
  return plainReply(dnsOptions(request, context.served))
}
