/** Reads the commits of a commit log in their order, at a start and behind the one that writes it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StorageUnusable } from '../storage-unusable.ts'
import { segmentFile, segmentsIn } from './log-folder.ts'
import { readRecord, RECORD_HEAD_OCTETS, recordLength, type LogRecord } from './log-record.ts'
import { HEAD_NUMBER, mustBeOurs } from './segment-head.ts'

const PIECE_OCTETS = 1024 * 1024

export class CommitLogReader {
  readonly #folder: string
  readonly #serverDuid: string
  #last: number
  #sequence = 0
  #descriptor: number | undefined
  /** Of the file: where `#piece` begins. */
  #pieceAt = 0
  #piece: Buffer = Buffer.alloc(0)
  #offset = 0

  /** `after`: the commit that is known already. */
  constructor(folder: string, serverDuid: string, after: number) {
    this.#folder = folder
    this.#serverDuid = serverDuid
    this.#last = after
  }

  /** The commit that was read last. */
  get last(): number {
    return this.#last
  }

  /**
   * The commit after the last one; undefined: it is not there, or not whole, and nothing was promised by it. Throws
   * StorageUnusable where commits are missing or damaged that others follow.
   */
  next(): LogRecord | undefined {
    while (true) {
      if (this.#descriptor === undefined && !this.#openNext()) return undefined
      const record = readRecord(this.#recordOctets()) ?? this.#readAnew()
      if (record === undefined) {
        this.#mustBeTheEnd()
        if (segmentsIn(this.#folder).every((sequence) => sequence <= this.#sequence)) return undefined
        this.close()
        continue
      }
      this.#offset += record.octets
      if (record.number === HEAD_NUMBER) {
        mustBeOurs(record.text, this.#serverDuid, this.#file)
        continue
      }
      // A commit that could not be flushed stands once more in the next segment.
      if (record.number <= this.#last) continue
      if (record.number !== this.#last + 1) throw this.#damaged(`commit ${this.#last + 1} is missing`)
      this.#last = record.number
      return record
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  get #file(): string {
    return segmentFile(this.#folder, this.#sequence)
  }

  #openNext(): boolean {
    const next = segmentsIn(this.#folder).find((sequence) => sequence > this.#sequence)
    if (next === undefined) return false
    this.#sequence = next
    this.#descriptor = openSync(this.#file, 'r')
    this.#offset = 0
    this.#pieceAt = 0
    this.#piece = Buffer.alloc(0)
    return true
  }

  /** What stands at the present offset, as much as a record there needs, or up to the end of the file. */
  #recordOctets(): Buffer {
    const head = this.#octets(RECORD_HEAD_OCTETS)
    const length = recordLength(head)
    return length === undefined ? head : this.#octets(length)
  }

  /** What was read ahead may have been in the middle of being written. */
  #readAnew(): LogRecord | undefined {
    this.#piece = Buffer.alloc(0)
    return readRecord(this.#recordOctets())
  }

  #octets(count: number, at = this.#offset): Buffer {
    const from = at - this.#pieceAt
    if (from < 0 || from + count > this.#piece.length) {
      this.#piece = this.#readPiece(at, Math.max(PIECE_OCTETS, count))
      this.#pieceAt = at
      return this.#piece.subarray(0, count)
    }
    return this.#piece.subarray(from, from + count)
  }

  #readPiece(at: number, atMost: number): Buffer {
    const descriptor = this.#descriptor
    if (descriptor === undefined) return Buffer.alloc(0)
    const size = Math.max(0, Math.min(atMost, fstatSync(descriptor).size - at))
    const piece = Buffer.allocUnsafe(size)
    return piece.subarray(0, size === 0 ? 0 : readSync(descriptor, piece, 0, size, at))
  }

  /** A write that was cut off is the last one. What a whole commit follows was once flushed, and has been damaged since. */
  #mustBeTheEnd(): void {
    const length = recordLength(this.#octets(RECORD_HEAD_OCTETS))
    if (length === undefined) return
    const after = this.#offset + length
    const following = recordLength(this.#octets(RECORD_HEAD_OCTETS, after))
    if (following === undefined) return
    const record = readRecord(this.#octets(following, after))
    if (record !== undefined && record.number > this.#last) throw this.#damaged('a commit in its middle is damaged')
  }

  #damaged(what: string): StorageUnusable {
    return new StorageUnusable(
      `The commit log ${this.#file} cannot be used: ${what}. What was promised to clients cannot all be known: move the ` +
        'folder of the commit log away and run `tandem restore`, so that the server recovers from its partner.',
    )
  }
}
