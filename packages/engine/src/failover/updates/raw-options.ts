/** Options that a binding keeps as octets, turned into options of a BNDUPD and back (RFC 8156 section 7.4). */
import {
  clientFqdnOption,
  decodeDatagram,
  encodeDatagram,
  findOption,
  ipv6AddressFromBytes,
  ipv6AddressToBytes,
  lqRelayDataOption,
  MessageType,
  option,
  type ClientFqdn,
  type LqRelayData,
  type OptionInstance,
} from '@tandem/protocol'

const PEER_ADDRESS_OCTETS = 16
/** Leaves room in the frame for everything else; a longer relay chain stays untold, the lease itself is not. */
const RELAY_DATA_OCTETS_MAX = 32_768
/** Message type and transaction id before the option; then its code and length. */
const MESSAGE_HEADER_OCTETS = 4
const OPTION_HEADER_OCTETS = 4

export function relayDataFromRaw(raw: Uint8Array): OptionInstance | undefined {
  if (raw.length < PEER_ADDRESS_OCTETS || raw.length > RELAY_DATA_OCTETS_MAX) return undefined
  return option(lqRelayDataOption, {
    peerAddress: ipv6AddressFromBytes(raw.subarray(0, PEER_ADDRESS_OCTETS)),
    message: raw.slice(PEER_ADDRESS_OCTETS),
  })
}

export function rawRelayData({ peerAddress, message }: LqRelayData): Uint8Array {
  const raw = new Uint8Array(PEER_ADDRESS_OCTETS + message.length)
  raw.set(ipv6AddressToBytes(peerAddress))
  raw.set(message, PEER_ADDRESS_OCTETS)
  return raw
}

/** Undefined where the octets are no name: then the update goes without it. */
export function clientFqdnFromRaw(raw: Uint8Array): OptionInstance | undefined {
  const datagram = new Uint8Array(MESSAGE_HEADER_OCTETS + OPTION_HEADER_OCTETS + raw.length)
  datagram[0] = MessageType.Reply
  datagram.set([clientFqdnOption.code >>> 8, clientFqdnOption.code & 0xff], MESSAGE_HEADER_OCTETS)
  datagram.set([raw.length >>> 8, raw.length & 0xff], MESSAGE_HEADER_OCTETS + 2)
  datagram.set(raw, MESSAGE_HEADER_OCTETS + OPTION_HEADER_OCTETS)
  const decoded = decodeDatagram(datagram)
  const fqdn = decoded.ok ? findOption(decoded.value.options, clientFqdnOption) : undefined
  return fqdn === undefined ? undefined : option(clientFqdnOption, fqdn)
}

export function rawClientFqdn(fqdn: ClientFqdn): Uint8Array {
  const datagram = encodeDatagram({
    kind: 'client-server',
    type: MessageType.Reply,
    transactionId: 0,
    options: [option(clientFqdnOption, fqdn)],
  })
  return datagram.slice(MESSAGE_HEADER_OCTETS + OPTION_HEADER_OCTETS)
}
