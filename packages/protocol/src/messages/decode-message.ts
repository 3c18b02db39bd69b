/** From octets to a message: looks at msg-type and hands over (RFC 9915 §7.3, RFC 8156 §5.2). Never throws, whatever the octets. */
import { optionTable } from '../options/option-table.ts'
import {
  isFailoverMessageType,
  isKnownMessageType,
  isRelayMessageType,
  messageTypeName,
} from '../registry/message-types.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { countDecode } from '../wire/decode-coverage.ts'
import type { Decoded } from '../wire/decode-error.ts'
import type { ClientServerMessage } from './client-server-message.ts'
import { readClientServerMessage } from './client-server-message.ts'
import type { FailoverMessage } from './failover-message.ts'
import { readFailoverMessage } from './failover-message.ts'
import type { RelayMessage } from './relay-message.ts'
import { readRelayMessage } from './relay-message.ts'

export type DatagramMessage = ClientServerMessage | RelayMessage
export type StreamMessage = FailoverMessage | ClientServerMessage

/** What came in one UDP datagram, or in the relay message option of one. */
export function decodeDatagram(bytes: Uint8Array): Decoded<DatagramMessage> {
  const reader = new ByteReader(bytes)
  const type = readType(reader)
  if (isFailoverMessageType(type)) refuseHere(reader, type)
  return finish(
    reader,
    isRelayMessageType(type)
      ? readRelayMessage(reader, type, optionTable)
      : readClientServerMessage(reader, type, optionTable),
  )
}

/** What came on a failover connection, without the message-size octets. */
export function decodeStreamMessage(message: Uint8Array): Decoded<StreamMessage> {
  const reader = new ByteReader(message)
  const type = readType(reader)
  if (isRelayMessageType(type)) refuseHere(reader, type)
  return finish(
    reader,
    isFailoverMessageType(type)
      ? readFailoverMessage(reader, type, optionTable)
      : readClientServerMessage(reader, type, optionTable),
  )
}

function readType(reader: ByteReader): number {
  const type = reader.uint8()
  if (reader.error !== undefined) return type
  if (isKnownMessageType(type)) countDecode(messageTypeName(type))
  else reader.fail('unknown-message-type', `${type} is no known message type`, 0)
  return type
}

function refuseHere(reader: ByteReader, type: number): void {
  reader.fail('unexpected-message-type', `${messageTypeName(type)} does not travel this way`, 0)
}

function finish<T>(reader: ByteReader, value: T): Decoded<T> {
  return reader.error === undefined ? { ok: true, value } : { ok: false, error: reader.error }
}
