/** REBIND: extend what is on record; keep silent about what another server may know (RFC 9915 §18.3.5). */
import { StatusCode } from '@tandem/protocol'
import { refuseIa, silent, type Answer } from './answer.ts'
import { replyWithLeases } from './build-answer.ts'
import type { IdentifiedRequest } from './client-request.ts'
import { extendIa } from './extend-ia.ts'
import type { RequestContext } from './request-context.ts'
import { TakenLeases } from './taken-leases.ts'

export function answerRebind(request: IdentifiedRequest, context: RequestContext): Answer {
  if (request.ias.length === 0) return silent('nothing-to-say', 'it names no lease')
  const taken = new TakenLeases(request.ias)
  const extensions = request.ias.map((ia) => extendIa(ia, request, context, taken))
  // An unknown lease may be one that the partner gave and could not tell of: with nothing else to say, say nothing.
  const knows = extensions.some(({ kind }) => kind === 'decided')
  if (!knows) {
    return extensions.some(({ kind }) => kind === 'not-served')
      ? silent('failover-state', 'its leases are of a relationship that may not answer now')
      : silent('nothing-to-say', 'none of its leases is on record')
  }
  const decisions = extensions.flatMap((extension) => {
    switch (extension.kind) {
      case 'decided':
        return extension.decision
      case 'unknown':
        return refuseIa(extension.ia, StatusCode.NoBinding, 'no lease of this IA is on record')
      case 'not-served':
        return []
    }
  })
  return replyWithLeases(request, context, decisions)
}
