/** RELAY-FORW and RELAY-REPL (RFC 9915 §9). The message inside stays octets until the next hop is opened. */
import type { Options, OptionTable } from '../options/option-definition.ts'
import { readOptions, writeOptions } from '../options/option-list.ts'
import type { Ipv6Address } from '../values/ipv6-address.ts'
import { ipv6AddressFromNumber } from '../values/ipv6-address.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

export interface RelayMessage {
  readonly kind: 'relay'
  readonly type: 12 | 13
  readonly hopCount: number
  readonly linkAddress: Ipv6Address
  readonly peerAddress: Ipv6Address
  readonly options: Options
}

/** type, hop-count, link-address, peer-address. */
export const RELAY_HEADER_OCTETS = 34

export function readRelayMessage(reader: ByteReader, type: 12 | 13, table: OptionTable): RelayMessage {
  return {
    kind: 'relay',
    type,
    hopCount: reader.uint8(),
    linkAddress: ipv6AddressFromNumber(reader.uint128()),
    peerAddress: ipv6AddressFromNumber(reader.uint128()),
    options: readOptions(reader, table),
  }
}

export function writeRelayMessage(writer: ByteWriter, message: RelayMessage, table: OptionTable): void {
  writer.uint8(message.type)
  writer.uint8(message.hopCount)
  writer.uint128(message.linkAddress)
  writer.uint128(message.peerAddress)
  writeOptions(writer, message.options, table)
}
