/** The client side: a datagram comes in, is understood, decided and answered (RFC 9915 §18.3, §19.3). */
import {
  clientIdOption,
  elapsedTimeOption,
  findOption,
  MessageType,
  messageTypeName,
  option,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
} from '@tandem/protocol'
import type { Subnet } from '../configuration/configuration.ts'
import type { DatagramReceived } from '../events.ts'
import type { Step } from '../step.ts'
import { silent, type Answer, type Answered } from './answer.ts'
import { findViolation } from './check-request.ts'
import { Links } from './choose-link.ts'
import type { ClientRequests, ClientRequestsOptions } from './client-requests.ts'
import { readClientRequest, type ClientRequest, type IdentifiedRequest } from './client-request.ts'
import { answerConfirm } from './confirm.ts'
import { answerDecline } from './decline.ts'
import { answerInformationRequest } from './information-request.ts'
import { noteSilence } from './note-silence.ts'
import { Offers } from './offers.ts'
import { answerRebind } from './rebind.ts'
import { answerRelease } from './release.ts'
import { answerRenew } from './renew.ts'
import { answerRequest } from './request.ts'
import { mayAnswer, type RequestContext } from './request-context.ts'
import { sendElsewhere } from './send-elsewhere.ts'
import { answerSolicit } from './solicit.ts'
import { answerTarget, unwrapRelays, wrapAnswer } from './unwrap-relays.ts'

type Handler = (request: IdentifiedRequest, context: RequestContext) => Answer

const handlers: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [MessageType.Solicit, answerSolicit],
  [MessageType.Request, answerRequest],
  [MessageType.Confirm, answerConfirm],
  [MessageType.Renew, answerRenew],
  [MessageType.Rebind, answerRebind],
  [MessageType.Release, answerRelease],
  [MessageType.Decline, answerDecline],
])

/** By which a client shows for how long it has asked anybody. */
const answeredByPrimary: ReadonlySet<number> = new Set([MessageType.Solicit, MessageType.Rebind])
const ELAPSED_TIME_UNIT_MS = 10

export function createClientRequests(options: ClientRequestsOptions): ClientRequests {
  const { configuration, table, pools, policy } = options
  const listeners = new Map(configuration.listeners.map((listener) => [listener.id, listener]))
  const links = new Links(configuration.subnets)
  const offers = new Offers()

  function decide(request: ClientRequest, event: DatagramReceived, step: Step): Answer {
    const violation = findViolation(request, configuration.serverDuid)
    if (violation !== undefined) return silent(violation.reason, violation.detail)
    const listener = listeners.get(event.listenerId)
    if (listener?.kind === 'unicast' && request.relays.length === 0) {
      return silent('rule-violated', 'a client without a relay must use multicast')
    }
    const link = listener === undefined ? undefined : links.choose(request.relays, listener)
    if (link === undefined) return silent('no-matching-link', 'no subnet is configured where it came from')
    const served = link.subnets.filter((subnet) => mayAnswer(policy, subnet.relationship, request))
    const context = { now: step.now, link, served, table, pools, policy, offers }
    return served.length > 0 ? dispatch(request, context) : leaveToPartner(step, request, event, context, options)
  }

  function carryOut(step: Step, event: DatagramReceived, request: ClientRequest, answer: Answered): void {
    const bytes = wrapAnswer(toMessage(request, answer, configuration.serverDuid), request.relays)
    if (bytes === undefined) {
      const detail = 'what the relays want back leaves no room for an answer'
      noteSilence(step, { ...aboutRequest(request), reason: 'answer-too-large', detail })
      return
    }
    for (const binding of answer.changes) step.changeBinding(binding, 'client')
    for (const grant of answer.offered) {
      if (grant.previous?.status !== 'ACTIVE') offers.add(grant.lease, grant.client, step.now)
    }
    for (const grant of answer.granted) offers.settle(grant.lease, grant.client)
    for (const failure of answer.failures) step.notice(failure)
    send(step, event, request, answer.type, bytes)
  }

  function send(
    step: Step,
    event: DatagramReceived,
    request: ClientRequest,
    answerType: number,
    bytes: Uint8Array,
  ): void {
    const listener = listeners.get(event.listenerId)
    if (listener === undefined) return
    step.output({
      kind: 'send-datagram',
      listenerId: event.listenerId,
      to: answerTarget(event.from, request.relays, listener),
      bytes,
      requestArrivedAt: event.arrivedAt,
    })
    step.notice({
      kind: 'datagram-answered',
      requestType: messageTypeName(request.message.type),
      answerType: messageTypeName(answerType),
    })
  }

  return {
    receive(step, event) {
      const unwrapped = unwrapRelays(event.bytes)
      if (!unwrapped.ok) {
        noteSilence(step, unwrapped)
        return
      }
      const request = readClientRequest(unwrapped.message, event.from, unwrapped.relays)
      const answer = decide(request, event, step)
      if (answer.kind === 'answered') carryOut(step, event, request, answer)
      else noteSilence(step, { ...aboutRequest(request), ...answer, ...answer.because })
    },
  }
}

function isSentElsewhere(
  { message }: ClientRequest,
  subnets: readonly Subnet[],
  policy: ClientRequestsOptions['policy'],
): boolean {
  if (message.type !== MessageType.Request) return false
  return subnets.some((subnet) => policy.sendsElsewhere(subnet.relationship))
}

function aboutRequest({ message, clientDuid }: ClientRequest) {
  return { messageType: messageTypeName(message.type), clientDuid }
}

function dispatch(request: ClientRequest, context: RequestContext): Answer {
  if (request.message.type === MessageType.InformationRequest) return answerInformationRequest(request, context)
  const handler = handlers.get(request.message.type)
  if (handler === undefined || !isIdentified(request)) {
    return silent('not-for-a-server', `${messageTypeName(request.message.type)} has no handler`)
  }
  return handler(request, context)
}

function isIdentified(request: ClientRequest): request is IdentifiedRequest {
  return request.clientDuid !== undefined
}

function toMessage(request: ClientRequest, answer: Answered, serverDuid: Duid): ClientServerMessage {
  const client = request.clientDuid === undefined ? [] : [option(clientIdOption, request.clientDuid)]
  return {
    kind: 'client-server',
    type: answer.type,
    transactionId: request.message.transactionId,
    options: [...client, option(serverIdOption, serverDuid), ...answer.options],
  }
}

function leaveToPartner(
  step: Step,
  request: ClientRequest,
  event: DatagramReceived,
  context: RequestContext,
  options: ClientRequestsOptions,
): Answer {
  const { subnets } = context.link
  if (isIdentified(request) && isSentElsewhere(request, subnets, options.policy)) {
    return sendElsewhere(request, { ...context, served: subnets })
  }
  noteLeftToPrimary(step, request, event, subnets, options)
  const because = options.policy.silence(subnets[0]?.relationship)
  return silent('failover-state', 'the failover state leaves the answer to the partner', because)
}

/** Whom this server leaves waiting, so that it sees when nobody else answers (decisions 0081, 0088). */
function noteLeftToPrimary(
  step: Step,
  { message, clientDuid }: ClientRequest,
  event: DatagramReceived,
  subnets: readonly Subnet[],
  options: ClientRequestsOptions,
): void {
  if (clientDuid === undefined || !answeredByPrimary.has(message.type)) return
  const elapsedMs = (findOption(message.options, elapsedTimeOption) ?? 0) * ELAPSED_TIME_UNIT_MS
  for (const relationship of new Set(subnets.map((subnet) => subnet.relationship))) {
    if (relationship !== undefined) {
      options.leftToPrimary(step, relationship, { client: clientDuid, elapsedMs, event })
    }
  }
}
