/** Appends commits to the commit log, each flushed before it is told (decision 0087). */
import { closeSync, fdatasyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { isSyncSwitchedOff } from '../connection.ts'
import { flushFolder, segmentFile, segmentsIn } from './log-folder.ts'
import { writeRecord } from './log-record.ts'
import { HEAD_NUMBER, segmentHead } from './segment-head.ts'

/** Where commits are in the tables, the disk gets its room back in such pieces. */
const SEGMENT_OCTETS = 32 * 1024 * 1024

interface Segment {
  readonly sequence: number
  readonly descriptor: number
  readonly inode: bigint
  octets: number
  /** The last commit before it. */
  readonly before: number
  last: number
}

export class CommitLogWriter {
  readonly #folder: string
  readonly #serverDuid: string
  readonly #segmentOctets: number
  #lastNumber: number
  #nextSequence: number
  #segment: Segment | undefined
  /** Full ones, and those of an earlier start, with the last commit in them. */
  readonly #older: { readonly sequence: number; readonly last: number }[]

  /** Commits up to `lastNumber` are in the segments that stand there already. */
  constructor(folder: string, serverDuid: string, lastNumber: number, segmentOctets = SEGMENT_OCTETS) {
    this.#folder = folder
    this.#serverDuid = serverDuid
    this.#segmentOctets = segmentOctets
    this.#lastNumber = lastNumber
    const present = segmentsIn(folder)
    this.#older = present.map((sequence) => ({ sequence, last: lastNumber }))
    this.#nextSequence = (present.at(-1) ?? 0) + 1
  }

  get lastNumber(): number {
    return this.#lastNumber
  }

  /** Returns once it is on disk, with the octets that it took. Throws what the file system says; then it may be tried again. */
  append(number: number, text: string): number {
    if (number !== this.#lastNumber + 1) throw new Error(`commit ${number} came after commit ${this.#lastNumber}`)
    const record = writeRecord(number, text)
    try {
      const segment = this.#segmentWithRoom()
      write(segment, record)
      if (!isSyncSwitchedOff()) fdatasyncSync(segment.descriptor)
      segment.last = number
    } catch (error) {
      // Whether it is on disk cannot be known any more, so nothing is written behind it.
      this.#abandon()
      throw error
    }
    this.#lastNumber = number
    return record.length
  }

  /** Throws when a restart would not find what is written. */
  mustBeInPlace(): void {
    if (this.#segment === undefined) return
    const file = segmentFile(this.#folder, this.#segment.sequence)
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    if (found?.ino === this.#segment.inode) return
    this.#setAside()
    throw Object.assign(new Error(`the commit log ${file} was removed or replaced while the server runs`), {
      code: 'STORAGE_GONE',
    })
  }

  /** Commits up to this one are in the tables, durably. */
  removeUpTo(number: number): void {
    while (this.#older[0] !== undefined && this.#older[0].last <= number) {
      const { sequence } = this.#older[0]
      rmSync(segmentFile(this.#folder, sequence), { force: true })
      this.#older.shift()
    }
  }

  close(): void {
    this.#setAside()
  }

  #segmentWithRoom(): Segment {
    if (this.#segment !== undefined && this.#segment.octets >= this.#segmentOctets) this.#setAside()
    return (this.#segment ??= this.#begin())
  }

  #begin(): Segment {
    const sequence = this.#nextSequence
    this.#nextSequence += 1
    const descriptor = openSync(segmentFile(this.#folder, sequence), 'wx', 0o600)
    const { ino } = statSync(segmentFile(this.#folder, sequence), { bigint: true })
    const segment: Segment = {
      sequence,
      descriptor,
      inode: ino,
      octets: 0,
      before: this.#lastNumber,
      last: this.#lastNumber,
    }
    // Set before it is written to, so that a failure sets it aside.
    this.#segment = segment
    write(segment, writeRecord(HEAD_NUMBER, segmentHead(this.#serverDuid)))
    if (!isSyncSwitchedOff()) flushFolder(this.#folder)
    return segment
  }

  /** Tried again and again on a full disk, it must not leave a file each time. */
  #abandon(): void {
    const segment = this.#segment
    this.#setAside()
    if (segment === undefined || segment.last > segment.before) return
    this.#older.pop()
    rmSync(segmentFile(this.#folder, segment.sequence), { force: true })
  }

  #setAside(): void {
    const segment = this.#segment
    if (segment === undefined) return
    this.#segment = undefined
    closeSync(segment.descriptor)
    // One that failed may hold the commit after the last one; it goes when that is in the tables.
    this.#older.push({ sequence: segment.sequence, last: Math.max(segment.last, this.#lastNumber + 1) })
  }
}

function write(segment: Segment, octets: Buffer): void {
  let written = 0
  while (written < octets.length) {
    written += writeSync(segment.descriptor, octets, written, octets.length - written, segment.octets + written)
  }
  segment.octets += octets.length
}
