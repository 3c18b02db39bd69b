/** CONFIRM: are the client's addresses still right for the link it is on now (RFC 9915 §18.3.3)? */
import { hasBug } from '../deliberate-bug.ts'
import { prefixContains, StatusCode } from '@tandem/protocol'
import { silent, type Answer } from './answer.ts'
import { plainReply, statusOption } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import type { RequestContext } from './request-context.ts'

export function answerConfirm(request: IdentifiedRequest, context: RequestContext): Answer {
  const addresses = request.ias.flatMap(({ leases }) => leases.filter(({ kind }) => kind === 'address'))
  if (addresses.length === 0) return silent('nothing-to-say', 'it names no address')
  const allOnLink = addresses.every(({ prefix }) =>
    context.link.subnets.some((subnet) => prefixContains(subnet.prefix, prefix.address)),
  )
  return plainReply([
    allOnLink || hasBug('link-ignored')
      ? statusOption(StatusCode.Success, 'all addresses are of this link')
      : statusOption(StatusCode.NotOnLink, 'an address is not of this link'),
  ])
}
