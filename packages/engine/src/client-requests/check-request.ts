/** Which client messages a server discards unseen (RFC 9915 §16); what each must carry stands in the protocol's rules. */
import { checkMessageRules, MessageType, messageTypeName, OptionCode, type Duid } from '@tandem/protocol'
import type { NoAnswerReason } from '../notices.ts'
import type { ClientRequest } from './client-request.ts'

/** An answer holds 65,535 octets at most; nobody needs so many. */
const IAS_MAX = 64
const LEASES_MAX = 512

const clientMessages: ReadonlySet<number> = new Set<number>([
  MessageType.Solicit,
  MessageType.Request,
  MessageType.Confirm,
  MessageType.Renew,
  MessageType.Rebind,
  MessageType.Decline,
  MessageType.Release,
  MessageType.InformationRequest,
])

const identifiers: ReadonlySet<number> = new Set<number>([OptionCode.ClientId, OptionCode.ServerId])

export interface Discarded {
  readonly reason: NoAnswerReason
  readonly detail: string
}

/** Undefined: a valid message that this server may go on with. */
export function findViolation(request: ClientRequest, ownDuid: Duid): Discarded | undefined {
  if (!clientMessages.has(request.message.type)) {
    return { reason: 'not-for-a-server', detail: `${messageTypeName(request.message.type)} is not a client's message` }
  }
  // Of other options that are repeated against the rules, the first counts: real clients do it.
  const broken = checkMessageRules(request.message).find(
    ({ kind, optionCode }) => kind !== 'repeated' || identifiers.has(optionCode),
  )
  if (broken !== undefined) return { reason: 'rule-violated', detail: broken.detail }
  const excess = findExcess(request)
  if (excess !== undefined) return { reason: 'rule-violated', detail: excess }
  if (request.serverDuid !== undefined && request.serverDuid !== ownDuid) {
    return { reason: 'wrong-server-identifier', detail: `it is for the server ${request.serverDuid}` }
  }
  return undefined
}

function findExcess(request: ClientRequest): string | undefined {
  if (request.ias.length > IAS_MAX) return `it has more than ${IAS_MAX} identity associations`
  const leases = request.ias.reduce((sum, ia) => sum + ia.leases.length, 0)
  return leases > LEASES_MAX ? `it names more than ${LEASES_MAX} leases` : undefined
}
