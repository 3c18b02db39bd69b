/** A relay agent without a socket: wraps what its clients send and finds the client that an answer is for (RFC 9915 section 19). */
import {
  decodeDatagram,
  encodeDatagram,
  findOption,
  interfaceIdOption,
  ipv6AddressFromNumber,
  MessageType,
  option,
  parseIpv6Address,
  relayMessageOption,
  UNSPECIFIED_ADDRESS,
  type ClientServerMessage,
  type Ipv6Address,
} from '@tandem/protocol'

const LINK_LOCAL = parseIpv6Address('fe80::') ?? UNSPECIFIED_ADDRESS

export interface RelayedAnswer {
  readonly peerAddress: Ipv6Address
  readonly message: ClientServerMessage
}

/** Each simulated client has a link-local address of its own, by which answers find it. */
export function clientLinkLocal(index: number): Ipv6Address {
  return ipv6AddressFromNumber(LINK_LOCAL | BigInt(index + 1))
}

export function relayForward(
  linkAddress: Ipv6Address,
  peerAddress: Ipv6Address,
  interfaceId: Uint8Array,
  message: ClientServerMessage,
): Uint8Array {
  return encodeDatagram({
    kind: 'relay',
    type: MessageType.RelayForw,
    hopCount: 0,
    linkAddress,
    peerAddress,
    options: [option(interfaceIdOption, interfaceId), option(relayMessageOption, encodeDatagram(message))],
  })
}

/** Undefined for what a relay would drop. */
export function unwrapRelayReply(bytes: Uint8Array): RelayedAnswer | undefined {
  const outer = decodeDatagram(bytes)
  if (!outer.ok || outer.value.kind !== 'relay' || outer.value.type !== MessageType.RelayRepl) return undefined
  const inside = findOption(outer.value.options, relayMessageOption)
  const inner = inside === undefined ? undefined : decodeDatagram(inside)
  if (inner === undefined || !inner.ok || inner.value.kind !== 'client-server') return undefined
  return { peerAddress: outer.value.peerAddress, message: inner.value }
}
