/** A relay agent: puts a client's message into a RELAY-FORW and takes the answer out of the RELAY-REPL (RFC 9915 section 19). */
import {
  decodeDatagram,
  encodeDatagram,
  findOption,
  interfaceIdOption,
  MessageType,
  option,
  relayMessageOption,
  type ClientServerMessage,
  type Ipv6Address,
} from '@tandem/protocol'

export interface RelayedAnswer {
  readonly clientAddress: Ipv6Address
  readonly message: ClientServerMessage
}

export class Relay {
  /** Its address on the clients' link, by which servers choose the subnet. */
  readonly linkAddress: Ipv6Address

  constructor(linkAddress: Ipv6Address) {
    this.linkAddress = linkAddress
  }

  forward(message: ClientServerMessage, clientAddress: Ipv6Address): Uint8Array {
    return encodeDatagram({
      kind: 'relay',
      type: MessageType.RelayForw,
      hopCount: 0,
      linkAddress: this.linkAddress,
      peerAddress: clientAddress,
      options: [option(interfaceIdOption, Uint8Array.of(7)), option(relayMessageOption, encodeDatagram(message))],
    })
  }

  /** Undefined: not an answer for a client behind it. */
  unwrap(bytes: Uint8Array): RelayedAnswer | undefined {
    const outer = decodeDatagram(bytes)
    if (!outer.ok || outer.value.kind !== 'relay') return undefined
    const inner = findOption(outer.value.options, relayMessageOption)
    const message = inner === undefined ? undefined : decodeDatagram(inner)
    if (message?.ok !== true || message.value.kind !== 'client-server') return undefined
    return { clientAddress: outer.value.peerAddress, message: message.value }
  }
}
