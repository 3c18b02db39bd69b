/**
 * One record of the commit log: 4 octets length of the text, 4 octets CRC-32 of all that follows, 8 octets number of the
 * commit, the text in UTF-8. Number 0 is the head of a segment.
 */
import { crc32 } from 'node:zlib'

export const RECORD_HEAD_OCTETS = 16
const NUMBER_AT = 8

/** No commit comes near; a length beyond it is no length. */
export const TEXT_OCTETS_MAX = 256 * 1024 * 1024

export interface LogRecord {
  readonly number: number
  readonly text: string
  /** With its head. */
  readonly octets: number
}

export function writeRecord(number: number, text: string): Buffer {
  const length = Buffer.byteLength(text)
  const record = Buffer.allocUnsafe(RECORD_HEAD_OCTETS + length)
  record.writeUInt32LE(length, 0)
  record.writeBigUInt64LE(BigInt(number), NUMBER_AT)
  record.write(text, RECORD_HEAD_OCTETS)
  record.writeUInt32LE(crc32(record.subarray(NUMBER_AT)), 4)
  return record
}

/** How many octets the record at the beginning of `octets` has; undefined: what stands there is no head of one. */
export function recordLength(octets: Buffer): number | undefined {
  if (octets.length < RECORD_HEAD_OCTETS) return undefined
  const length = octets.readUInt32LE(0)
  return length === 0 || length > TEXT_OCTETS_MAX ? undefined : RECORD_HEAD_OCTETS + length
}

/** Undefined where it is cut off or not as it was written. */
export function readRecord(octets: Buffer): LogRecord | undefined {
  const length = recordLength(octets)
  if (length === undefined || octets.length < length) return undefined
  const record = octets.subarray(0, length)
  if (record.readUInt32LE(4) !== crc32(record.subarray(NUMBER_AT))) return undefined
  return {
    number: Number(record.readBigUInt64LE(NUMBER_AT)),
    text: record.toString('utf8', RECORD_HEAD_OCTETS),
    octets: length,
  }
}
