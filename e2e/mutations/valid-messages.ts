/** Valid messages of every type, as real clients, relays and partners send them, and with options where they do not belong. */
import {
  bindingStatusOption,
  clientDataOption,
  clientIdOption,
  cltTimeOption,
  connectFlagsOption,
  elapsedTimeOption,
  encodeDatagram,
  encodeStreamMessage,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  interfaceIdOption,
  isFailoverMessageType,
  isRelayMessageType,
  keepaliveTimeOption,
  lqBaseTimeOption,
  maxUnackedBndupdOption,
  mcltOption,
  MessageType,
  option,
  optionRequestOption,
  partnerLifetimeOption,
  partnerLifetimeSentOption,
  protocolVersionOption,
  rapidCommitOption,
  relationshipNameOption,
  relayMessageOption,
  serverFlagsOption,
  serverIdOption,
  ServerStateCode,
  serverStateOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  statusCodeOption,
  toDhcpTime,
  type Duid,
  type FailoverMessageType,
  type OptionInstance,
  type Options,
  type StreamMessage,
} from '@tandem/protocol'
import { LOAD_LINK } from '../loopback-pair/loopback-pair.ts'
import { addressOf, peerAddressOf } from '../loopback-pair/relayed-message.ts'
import type { SeededRandom } from '../loopback-pair/seeded-random.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { busyAddress, busyPrefix, everyOption, someDuid } from './valid-options.ts'

const allTypes = Object.values(MessageType)
const failoverTypes = allTypes.filter((type): type is FailoverMessageType => isFailoverMessageType(type))
const plainTypes = allTypes.filter((type) => !isFailoverMessageType(type) && !isRelayMessageType(type))
const clientTypes = [1, 3, 4, 5, 6, 8, 9, 11] as const

/** What a client asks of its server or of any. */
function clientOptions(type: number, random: SeededRandom, servers: readonly Duid[]): readonly OptionInstance[] {
  const lifetimes = { preferredLifetime: 0, validLifetime: 0, options: [] }
  const address = option(iaAddressOption, { address: busyAddress(random), ...lifetimes })
  const prefix = option(iaPrefixOption, { prefix: busyPrefix(random), ...lifetimes })
  const namesServer = [3, 5, 8, 9].includes(type) && servers.length > 0
  const wants =
    type === MessageType.InformationRequest
      ? []
      : [
          option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: random.chance(0.5) ? [address] : [] }),
          option(iaPdOption, { iaid: 2, t1: 0, t2: 0, options: random.chance(0.5) ? [prefix] : [] }),
        ]
  return [
    option(clientIdOption, someDuid(random)),
    ...(namesServer ? [option(serverIdOption, random.pick(servers))] : []),
    option(elapsedTimeOption, random.below(100)),
    option(optionRequestOption, [23, 24]),
    ...(type === MessageType.Solicit && random.chance(0.3) ? [option(rapidCommitOption, true)] : []),
    ...wants,
  ]
}

function sprinkled(random: SeededRandom, count: number): readonly OptionInstance[] {
  const all = everyOption(random)
  return Array.from({ length: count }, () => random.pick(all))
}

/** A datagram for a server's listener: mostly what a relay sends for a client, sometimes anything that can be a message. */
export function validDatagram(random: SeededRandom, servers: readonly Duid[]): Uint8Array {
  const type = random.chance(0.75) ? random.pick(clientTypes) : random.pick(plainTypes)
  const options = [...clientOptions(type, random, servers), ...(random.chance(0.4) ? sprinkled(random, 4) : [])]
  const inner = encodeDatagram({ kind: 'client-server', type, transactionId: random.below(2 ** 24), options })
  if (random.chance(0.1)) return inner
  return wrapped(random, inner, random.chance(0.2) ? sprinkled(random, 2) : [])
}

/** In one more relay. */
export function wrapped(random: SeededRandom, inner: Uint8Array, more: readonly OptionInstance[] = []): Uint8Array {
  return encodeDatagram({
    kind: 'relay',
    type: random.chance(0.95) ? MessageType.RelayForw : MessageType.RelayRepl,
    hopCount: random.below(9),
    linkAddress: addressOf(LOAD_LINK),
    peerAddress: peerAddressOf(random.below(200)),
    options: [option(interfaceIdOption, random.bytes(3)), ...more, option(relayMessageOption, inner)],
  })
}

/** What ends a connection or changes the endpoint's mind if it is believed: sent rarely inside of a conversation. */
export const decisiveTypes: ReadonlySet<number> = new Set([
  MessageType.StartTls,
  MessageType.Reply,
  MessageType.Connect,
  MessageType.Connectreply,
  MessageType.Disconnect,
  MessageType.State,
])

/** A message for the failover connection, sent-time as of now, without its size octets. */
export function validStreamMessage(random: SeededRandom, type: number): Uint8Array {
  const transactionId = random.below(2 ** 24)
  const found = failoverTypes.find((each) => each === type)
  const more = random.chance(0.25) ? sprinkled(random, 3) : []
  if (found === undefined) {
    return messageOf(encodeStreamMessage({ kind: 'client-server', type, transactionId, options: more }))
  }
  return failoverMessage(found, transactionId, [...failoverOptions(found, random), ...more])
}

export function someStreamType(random: SeededRandom, isDecisive: boolean): number {
  if (isDecisive) return random.pick([...decisiveTypes])
  if (random.chance(0.6)) return random.pick([MessageType.Bndupd, MessageType.Bndreply])
  return random.pick(failoverTypes.filter((type) => !decisiveTypes.has(type)))
}

/** What CONNECT says of this pair. */
function connectOptions(mcltSeconds: number): readonly OptionInstance[] {
  return [
    option(protocolVersionOption, { major: 1, minor: 0 }),
    option(mcltOption, mcltSeconds),
    option(keepaliveTimeOption, 60),
    option(maxUnackedBndupdOption, 100),
    option(connectFlagsOption, { fixedPdLength: true }),
    option(relationshipNameOption, RELATIONSHIP),
  ]
}

export function connectOf(mcltSeconds: number): Uint8Array {
  return failoverMessage(MessageType.Connect, 1, connectOptions(mcltSeconds))
}

/** A partner that says that it is starting up: nothing follows from it. */
export function stateOfStarting(): Uint8Array {
  return failoverMessage(MessageType.State, 2, [
    option(serverStateOption, 3),
    option(serverFlagsOption, { startup: true, ackStartup: false, communicated: true }),
    option(startTimeOfStateOption, toDhcpTime(Date.now())),
  ])
}

/** A partner that has found a conflict: whoever served alone follows it there (RFC 8156 section 8.9.2). */
export function stateOfConflict(): Uint8Array {
  return failoverMessage(MessageType.State, 2, [
    option(serverStateOption, ServerStateCode.PotentialConflict),
    option(serverFlagsOption, { startup: false, ackStartup: false, communicated: true }),
    option(startTimeOfStateOption, toDhcpTime(Date.now())),
  ])
}

export function contact(): Uint8Array {
  return failoverMessage(MessageType.Contact, 3, [])
}

/** UPDDONE: there was nothing to tell. */
export function updatesDone(transactionId: number): Uint8Array {
  return failoverMessage(MessageType.Upddone, transactionId, [])
}

/** CONNECTREPLY that accepts, with what was offered. */
export function answerToConnect({ transactionId, options }: StreamMessage): Uint8Array {
  const offered = options.filter(({ code }) => code !== relationshipNameOption.code)
  return failoverMessage(MessageType.Connectreply, transactionId, offered)
}

function failoverMessage(type: FailoverMessageType, transactionId: number, options: Options): Uint8Array {
  const sentTime = toDhcpTime(Date.now())
  return messageOf(encodeStreamMessage({ kind: 'failover', type, transactionId, sentTime, options }))
}

function failoverOptions(type: FailoverMessageType, random: SeededRandom): readonly OptionInstance[] {
  const now = toDhcpTime(Date.now())
  switch (type) {
    case MessageType.Bndupd:
      return updateOptions(random)
    case MessageType.Bndreply:
      return replyOptions(random)
    case MessageType.Connect:
    case MessageType.Connectreply:
      return connectOptions(60)
    case MessageType.Disconnect:
      return [option(statusCodeOption, { code: 20, message: 'good-bye' })]
    case MessageType.State:
      return [
        option(serverStateOption, 2),
        option(serverFlagsOption, { startup: true, ackStartup: false, communicated: true }),
        option(startTimeOfStateOption, now),
      ]
    case MessageType.Poolreq:
    case MessageType.Poolresp:
    case MessageType.Updreq:
    case MessageType.Updreqall:
    case MessageType.Upddone:
    case MessageType.Contact:
      return []
  }
}

function updateOptions(random: SeededRandom): readonly OptionInstance[] {
  const nowMs = Date.now()
  const later = toDhcpTime(nowMs + 60_000)
  const inside = [
    option(bindingStatusOption, random.pick([1, 2, 3, 5, 7])),
    option(startTimeOfStateOption, toDhcpTime(nowMs)),
    option(stateExpirationTimeOption, later),
    option(partnerLifetimeOption, later),
    option(cltTimeOption, 1),
  ]
  const base = option(lqBaseTimeOption, toDhcpTime(nowMs))
  const lifetimes = { preferredLifetime: 60, validLifetime: 60 }
  if (random.chance(0.2)) {
    const status = [option(bindingStatusOption, random.pick([5, 6])), option(startTimeOfStateOption, toDhcpTime(nowMs))]
    return [option(iaPrefixOption, { prefix: busyPrefix(random), ...lifetimes, options: [base, ...status] })]
  }
  const lease = random.chance(0.7)
    ? option(iaNaOption, {
        iaid: 1,
        t1: 30,
        t2: 48,
        options: [option(iaAddressOption, { address: busyAddress(random), ...lifetimes, options: inside })],
      })
    : option(iaPdOption, {
        iaid: 2,
        t1: 30,
        t2: 48,
        options: [option(iaPrefixOption, { prefix: busyPrefix(random), ...lifetimes, options: inside })],
      })
  return [option(clientDataOption, [option(clientIdOption, someDuid(random)), base, lease])]
}

function replyOptions(random: SeededRandom): readonly OptionInstance[] {
  const later = toDhcpTime(Date.now() + 60_000)
  const inside = [
    option(bindingStatusOption, 1),
    option(stateExpirationTimeOption, later),
    option(partnerLifetimeSentOption, later),
  ]
  const address = { address: busyAddress(random), preferredLifetime: 60, validLifetime: 60, options: inside }
  const association = { iaid: 1, t1: 0, t2: 0, options: [option(iaAddressOption, address)] }
  return [option(clientDataOption, [option(clientIdOption, someDuid(random)), option(iaNaOption, association)])]
}

const SIZE_OCTETS = 2

function messageOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(SIZE_OCTETS)
}
