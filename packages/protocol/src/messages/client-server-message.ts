/** Messages between client and server, and their like: type, transaction id, options (RFC 9915 §8). */
import type { Options, OptionTable } from '../options/option-definition.ts'
import { readOptions, writeOptions } from '../options/option-list.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

export interface ClientServerMessage {
  readonly kind: 'client-server'
  readonly type: number
  readonly transactionId: number
  readonly options: Options
}

export function readClientServerMessage(reader: ByteReader, type: number, table: OptionTable): ClientServerMessage {
  return { kind: 'client-server', type, transactionId: reader.uint24(), options: readOptions(reader, table) }
}

export function writeClientServerMessage(writer: ByteWriter, message: ClientServerMessage, table: OptionTable): void {
  writer.uint8(message.type)
  writer.uint24(message.transactionId)
  writeOptions(writer, message.options, table)
}
