/**
 * Reads big-endian values from octets, as every format of RFC 9915 §8 and RFC 8156 §5 needs them.
 * The first fault sticks: later reads answer zero, nothing remains, and `error` tells what happened.
 */
import type { DecodeError, DecodeErrorReason } from './decode-error.ts'
import { hexOf } from './hex.ts'
import { getUint128 } from './uint128.ts'

/** Containers may hold containers; the deepest legal nesting of all known options is five. */
export const OPTION_NESTING_MAX = 16

const number128 = new DataView(new ArrayBuffer(16))

export class ByteReader {
  private readonly bytes: Uint8Array
  private position: number
  private limit: number
  private fault: DecodeError | undefined = undefined
  private depth = 0
  private optionCode: number | undefined = undefined

  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = bytes
    this.position = Math.min(start, bytes.length)
    this.limit = bytes.length
  }

  get error(): DecodeError | undefined {
    return this.fault
  }

  get offset(): number {
    return this.position
  }

  get remaining(): number {
    return this.limit - this.position
  }

  fail(reason: DecodeErrorReason, detail: string, offset: number = this.position): void {
    if (this.fault !== undefined) return
    this.fault =
      this.optionCode === undefined
        ? { reason, offset, detail }
        : { reason, offset, optionCode: this.optionCode, detail }
    this.limit = this.position
  }

  uint8(): number {
    return this.has(1) ? this.octet(this.position++) : 0
  }

  uint16(): number {
    if (!this.has(2)) return 0
    const at = this.position
    this.position = at + 2
    return (this.octet(at) << 8) | this.octet(at + 1)
  }

  uint24(): number {
    if (!this.has(3)) return 0
    const at = this.position
    this.position = at + 3
    return (this.octet(at) << 16) | (this.octet(at + 1) << 8) | this.octet(at + 2)
  }

  uint32(): number {
    if (!this.has(4)) return 0
    const at = this.position
    this.position = at + 4
    return ((this.octet(at) << 24) | (this.octet(at + 1) << 16) | (this.octet(at + 2) << 8) | this.octet(at + 3)) >>> 0
  }

  uint128(): bigint {
    if (!this.has(16)) return 0n
    for (let at = 0; at < 16; at += 4) number128.setUint32(at, this.uint32())
    return getUint128(number128, 0)
  }

  /** A copy, so that a decoded value outlives the receive buffer. */
  take(length: number): Uint8Array {
    if (!this.has(length)) return new Uint8Array(0)
    const at = this.position
    this.position = at + length
    return this.bytes.slice(at, at + length)
  }

  takeRemaining(): Uint8Array {
    return this.take(this.remaining)
  }

  takeRemainingAsHex(): string {
    const at = this.position
    this.position = this.limit
    return hexOf(this.bytes, at, this.limit)
  }

  /** Narrows reading to the next `length` octets; answers the outer limit, which `leave` takes back. */
  enter(length: number): number {
    const outerLimit = this.limit
    if (this.has(length)) this.limit = this.position + length
    return outerLimit
  }

  /** Ends what `enter` began: every octet of the inner area must have been read. */
  leave(outerLimit: number): void {
    if (this.position < this.limit) {
      this.fail('trailing-bytes', `${this.remaining} octets are left over`)
    }
    if (this.fault === undefined) this.limit = outerLimit
  }

  /** Names the option that faults are reported against; answers the one named before. */
  nameOption(optionCode: number | undefined): number | undefined {
    const outer = this.optionCode
    this.optionCode = optionCode
    return outer
  }

  descend(): void {
    this.depth += 1
    if (this.depth > OPTION_NESTING_MAX) {
      this.fail('nested-too-deep', `options nest deeper than ${OPTION_NESTING_MAX} levels`)
    }
  }

  ascend(): void {
    this.depth -= 1
  }

  private has(length: number): boolean {
    if (this.limit - this.position >= length) return true
    this.fail('truncated', `${length} octets expected, ${this.limit - this.position} present`)
    return false
  }

  private octet(at: number): number {
    return this.bytes[at] ?? 0
  }
}
