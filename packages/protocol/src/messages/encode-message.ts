/** From a message to octets: datagrams as they are, stream messages with their message-size (RFC 5460 §5.1). */
import { optionTable } from '../options/option-table.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { writeClientServerMessage } from './client-server-message.ts'
import type { DatagramMessage, StreamMessage } from './decode-message.ts'
import { writeFailoverMessage } from './failover-message.ts'
import { writeRelayMessage } from './relay-message.ts'

export function encodeDatagram(message: DatagramMessage): Uint8Array {
  const writer = new ByteWriter()
  if (message.kind === 'relay') writeRelayMessage(writer, message, optionTable)
  else writeClientServerMessage(writer, message, optionTable)
  return writer.finish()
}

/** A whole frame. A message that exceeds 65,535 octets is a broken invariant of the sender and throws. */
export function encodeStreamMessage(message: StreamMessage): Uint8Array {
  const writer = new ByteWriter()
  const sizeAt = writer.openLength()
  if (message.kind === 'failover') writeFailoverMessage(writer, message, optionTable)
  else writeClientServerMessage(writer, message, optionTable)
  writer.closeLength(sizeAt)
  return writer.finish()
}
