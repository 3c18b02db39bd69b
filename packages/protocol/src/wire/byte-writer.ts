/** Writes big-endian values into a growing buffer (RFC 9915 §8: network byte order everywhere). */
import { writeHex } from './hex.ts'
import { setUint128 } from './uint128.ts'

const INITIAL_CAPACITY = 512
const UINT16_MAX = 0xffff

const NO_BUFFER = new Uint8Array(0)

const number128 = new DataView(new ArrayBuffer(16))
const octets128 = new Uint8Array(number128.buffer)

/** The buffer of the writer that finished last, for the next one: making one costs more than filling it. */
let spare: Uint8Array<ArrayBuffer> | undefined

export class ByteWriter {
  private bytes: Uint8Array<ArrayBuffer>
  private length = 0

  constructor() {
    this.bytes = spare ?? new Uint8Array(INITIAL_CAPACITY)
    spare = undefined
  }

  get position(): number {
    return this.length
  }

  uint8(value: number): void {
    const at = this.grow(1)
    this.bytes[at] = assertRange(value, 0xff)
  }

  uint16(value: number): void {
    assertRange(value, UINT16_MAX)
    const at = this.grow(2)
    this.bytes[at] = value >>> 8
    this.bytes[at + 1] = value
  }

  uint24(value: number): void {
    assertRange(value, 0xffffff)
    const at = this.grow(3)
    this.bytes[at] = value >>> 16
    this.bytes[at + 1] = value >>> 8
    this.bytes[at + 2] = value
  }

  uint32(value: number): void {
    assertRange(value, 0xffffffff)
    const at = this.grow(4)
    this.bytes[at] = value >>> 24
    this.bytes[at + 1] = value >>> 16
    this.bytes[at + 2] = value >>> 8
    this.bytes[at + 3] = value
  }

  uint128(value: bigint): void {
    setUint128(number128, 0, value)
    this.put(octets128)
  }

  put(octets: Uint8Array): void {
    const at = this.grow(octets.length)
    this.bytes.set(octets, at)
  }

  putHex(hex: string): void {
    const at = this.grow(hex.length >>> 1)
    writeHex(hex, this.bytes, at)
  }

  /** Leaves room for a 16-bit length; answers where, for `closeLength`. */
  openLength(): number {
    return this.grow(2)
  }

  /** Fills in how many octets were written since `openLength`. */
  closeLength(at: number): void {
    const length = assertRange(this.length - at - 2, UINT16_MAX)
    this.bytes[at] = length >>> 8
    this.bytes[at + 1] = length
  }

  /** Ends the writing: the buffer goes to the next writer. */
  finish(): Uint8Array {
    const written = this.bytes.slice(0, this.length)
    spare = this.bytes
    this.bytes = NO_BUFFER
    this.length = 0
    return written
  }

  private grow(octets: number): number {
    const at = this.length
    const needed = at + octets
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.length = needed
    return at
  }
}

/** A value that does not fit its field is our own mistake, not a peer's: it stops the process. */
function assertRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${value} does not fit a field of 0 to ${max}`)
  }
  return value
}
