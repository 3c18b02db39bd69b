/** Takes the relays' layers off a client's message and puts them round the answer (RFC 9915 §19.3, RFC 8357 §5). */
import {
  decodeDatagram,
  encodeDatagram,
  findOption,
  interfaceIdOption,
  ipv6AddressToBytes,
  MessageType,
  messageTypeName,
  option,
  OptionCode,
  parseIpv6Address,
  RELAY_DEPTH_MAX,
  relayMessageOption,
  relaySourcePortOption,
  UNSPECIFIED_ADDRESS,
  type ClientServerMessage,
  type OptionInstance,
  type Options,
  type RelayMessage,
} from '@tandem/protocol'
import type { ListenerConfiguration } from '../configuration/configuration.ts'
import type { DatagramPeer } from '../events.ts'
import type { NoAnswerReason } from '../notices.ts'

/** Where clients and where relays and servers listen (RFC 9915 §7.2). */
const CLIENT_PORT = 546
const SERVER_PORT = 547
/** What one IPv6 packet holds behind its UDP header (RFC 8200 §3). */
const DATAGRAM_OCTETS_MAX = 65_535 - 8

export interface Unwrapped {
  readonly ok: true
  readonly message: ClientServerMessage
  /** Every RELAY-FORW round it, the outermost (nearest to the server) first. */
  readonly relays: readonly RelayMessage[]
}

export interface NotUnwrapped {
  readonly ok: false
  readonly reason: NoAnswerReason
  readonly messageType: string
  readonly detail: string
}

export function unwrapRelays(datagram: Uint8Array): Unwrapped | NotUnwrapped {
  const relays: RelayMessage[] = []
  let bytes = datagram
  for (;;) {
    const messageType = relays.length === 0 ? 'datagram' : 'RELAY-FORW'
    const decoded = decodeDatagram(bytes)
    if (!decoded.ok) return refuse('malformed', messageType, `${decoded.error.reason}: ${decoded.error.detail}`)
    const message = decoded.value
    if (message.kind === 'client-server') return { ok: true, message, relays }
    if (message.type !== MessageType.RelayForw) {
      return refuse('not-for-a-server', messageTypeName(message.type), 'servers send it, they do not receive it')
    }
    if (relays.length === RELAY_DEPTH_MAX) {
      return refuse('relay-too-deep', 'RELAY-FORW', `more than ${RELAY_DEPTH_MAX} relays`)
    }
    const inner = findOption(message.options, relayMessageOption)
    if (inner === undefined) return refuse('rule-violated', 'RELAY-FORW', 'it carries no message')
    relays.push(message)
    bytes = inner
  }
}

function refuse(reason: NoAnswerReason, messageType: string, detail: string): NotUnwrapped {
  return { ok: false, reason, messageType, detail }
}

/**
 * The answer as it leaves: in a RELAY-REPL for each RELAY-FORW, innermost first. Undefined: what the relays want back
 * leaves no room for it in a datagram.
 */
export function wrapAnswer(answer: ClientServerMessage, relays: readonly RelayMessage[]): Uint8Array | undefined {
  let bytes = encodeDatagram(answer)
  for (const relay of relays.toReversed()) {
    if (bytes.length > DATAGRAM_OCTETS_MAX) return undefined
    bytes = encodeDatagram({
      kind: 'relay',
      type: MessageType.RelayRepl,
      hopCount: relay.hopCount,
      linkAddress: relay.linkAddress,
      peerAddress: relay.peerAddress,
      options: [...echoedOptions(relay.options), option(relayMessageOption, bytes)],
    })
  }
  return bytes.length > DATAGRAM_OCTETS_MAX ? undefined : bytes
}

/** What a relay needs back to find its way: the interface, and the port of the relay before it. */
function echoedOptions(options: Options): readonly OptionInstance[] {
  const interfaceId = findOption(options, interfaceIdOption)
  const sourcePort = findOption(options, relaySourcePortOption)
  const echoed: OptionInstance[] = []
  if (interfaceId !== undefined) echoed.push(option(interfaceIdOption, interfaceId))
  if (sourcePort !== undefined) echoed.push(option(relaySourcePortOption, sourcePort))
  return echoed
}

export function answerTarget(
  from: DatagramPeer,
  relays: readonly RelayMessage[],
  listener: ListenerConfiguration,
): DatagramPeer {
  const outermost = relays[0]
  const asksForSource = outermost !== undefined && findOption(outermost.options, relaySourcePortOption) !== undefined
  if (asksForSource || listener.replyTo === 'source') return from
  return { address: from.address, port: outermost === undefined ? CLIENT_PORT : SERVER_PORT }
}

/** What relays add by themselves is far shorter; each lease keeps it in memory, and anyone may send a RELAY-FORW. */
const RELAY_DATA_KEPT_MAX = 4096

/**
 * Value of OPTION_LQ_RELAY_DATA: who sent the outermost RELAY-FORW, and the chain without the client's message.
 * Undefined: there is none worth keeping.
 */
export function relayDataOf(from: DatagramPeer, relays: readonly RelayMessage[]): Uint8Array | undefined {
  if (relays.length === 0) return undefined
  let chain: Uint8Array | undefined
  for (const relay of relays.toReversed()) {
    const inner = chain
    const options = relay.options.flatMap((instance) => {
      if (instance.code !== OptionCode.RelayMessage) return [instance]
      return inner === undefined ? [] : [option(relayMessageOption, inner)]
    })
    chain = encodeDatagram({ ...relay, options })
  }
  const message = chain ?? new Uint8Array()
  if (message.length > RELAY_DATA_KEPT_MAX) return undefined
  const peer = ipv6AddressToBytes(parseIpv6Address(withoutZone(from.address)) ?? UNSPECIFIED_ADDRESS)
  const data = new Uint8Array(peer.length + message.length)
  data.set(peer)
  data.set(message, peer.length)
  return data
}

function withoutZone(address: string): string {
  const zoneAt = address.indexOf('%')
  return zoneAt < 0 ? address : address.slice(0, zoneAt)
}
