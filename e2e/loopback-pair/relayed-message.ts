/** What a relay agent does, in two functions: wrap what its client says, unwrap what comes back (RFC 9915 section 19). */
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
  type ClientServerMessage,
  type Ipv6Address,
} from '@tandem/protocol'

export function addressOf(text: string): Ipv6Address {
  const address = parseIpv6Address(text)
  if (address === undefined) throw new Error(`${text} is no IPv6 address`)
  return address
}

/** Each client of a relay has a link-local address of its own. */
export function peerAddressOf(index: number): Ipv6Address {
  return ipv6AddressFromNumber(addressOf('fe80::') | BigInt(index + 1))
}

export function relayed(linkAddress: Ipv6Address, peerAddress: Ipv6Address, message: ClientServerMessage): Uint8Array {
  return encodeDatagram({
    kind: 'relay',
    type: MessageType.RelayForw,
    hopCount: 0,
    linkAddress,
    peerAddress,
    options: [
      option(interfaceIdOption, Uint8Array.of(0x65, 0x32, 0x65)),
      option(relayMessageOption, encodeDatagram(message)),
    ],
  })
}

/** Undefined: nothing that a relay would hand to a client. */
export function unwrapped(bytes: Uint8Array): ClientServerMessage | undefined {
  const outer = decodeDatagram(bytes)
  if (!outer.ok || outer.value.kind !== 'relay')
    return outer.ok && outer.value.kind === 'client-server' ? outer.value : undefined
  const inside = findOption(outer.value.options, relayMessageOption)
  return inside === undefined ? undefined : unwrapped(inside)
}
