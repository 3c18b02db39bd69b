/** Messages between failover partners: type, transaction id, sent-time, options (RFC 8156 §5.2). */
import type { Options, OptionTable } from '../options/option-definition.ts'
import { readOptions, writeOptions } from '../options/option-list.ts'
import type { FailoverMessageType } from '../registry/message-types.ts'
import { isFailoverMessageType } from '../registry/message-types.ts'
import type { DhcpTime } from '../values/dhcp-time.ts'
import { dhcpTimeFromNumber } from '../values/dhcp-time.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

export interface FailoverMessage {
  readonly kind: 'failover'
  readonly type: FailoverMessageType
  readonly transactionId: number
  readonly sentTime: DhcpTime
  readonly options: Options
}

export function readFailoverMessage(
  reader: ByteReader,
  type: FailoverMessageType,
  table: OptionTable,
): FailoverMessage {
  return {
    kind: 'failover',
    type,
    transactionId: reader.uint24(),
    sentTime: dhcpTimeFromNumber(reader.uint32()),
    options: readOptions(reader, table),
  }
}

export function writeFailoverMessage(writer: ByteWriter, message: FailoverMessage, table: OptionTable): void {
  writer.uint8(message.type)
  writer.uint24(message.transactionId)
  writer.uint32(message.sentTime)
  writeOptions(writer, message.options, table)
}

/** message-size 2, msg-type 1, transaction-id 3. */
const FRAME_TYPE_AT = 2
const FRAME_SENT_TIME_AT = 6

/**
 * Sets the sent-time of a frame that is about to be written to the socket (RFC 8156 §5.2: as near to
 * transmission as possible). Frames without a sent-time, such as STARTTLS, stay as they are.
 */
export function stampSentTime(frame: Uint8Array, time: DhcpTime): void {
  if (frame.length < FRAME_SENT_TIME_AT + 4 || !isFailoverMessageType(frame[FRAME_TYPE_AT] ?? 0)) return
  frame[FRAME_SENT_TIME_AT] = time >>> 24
  frame[FRAME_SENT_TIME_AT + 1] = time >>> 16
  frame[FRAME_SENT_TIME_AT + 2] = time >>> 8
  frame[FRAME_SENT_TIME_AT + 3] = time
}
