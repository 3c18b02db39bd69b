/** The writer's promise: what does not fit its field is refused, not cut. */
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import { hexOf } from './hex.ts'

describe('the byte writer', () => {
  it('writes every width in network byte order', () => {
    const writer = new ByteWriter()
    writer.uint8(1)
    writer.uint16(0x0203)
    writer.uint24(0x040506)
    writer.uint32(0xf7080910)
    writer.uint128(0x20010db8000000000000000000000001n)
    writer.putHex('abcd')
    expect(hexOf(writer.finish())).toBe(
      '01' + '0203' + '040506' + 'f7080910' + '20010db8000000000000000000000001' + 'abcd',
    )
  })

  it('grows beyond its first buffer', () => {
    const writer = new ByteWriter()
    const block = new Uint8Array(300).fill(7)
    for (let count = 0; count < 10; count += 1) writer.put(block)
    expect(writer.finish()).toEqual(new Uint8Array(3000).fill(7))
  })

  it('keeps apart what two writers write, one inside the other or one after it', () => {
    const [first, second] = [new ByteWriter(), new ByteWriter()]
    first.uint16(0x0101)
    second.uint16(0x0202)
    const written = [first.finish(), second.finish()]
    const third = new ByteWriter()
    third.uint16(0x0303)
    first.uint16(0x0404)
    expect([...written, third.finish(), first.finish()].map((bytes) => hexOf(bytes))).toEqual([
      '0101',
      '0202',
      '0303',
      '0404',
    ])
  })

  it('fills in a length over what was written inside', () => {
    const writer = new ByteWriter()
    const outer = writer.openLength()
    const inner = writer.openLength()
    writer.uint8(9)
    writer.closeLength(inner)
    writer.closeLength(outer)
    expect(hexOf(writer.finish())).toBe('0003000109')
  })

  it.each([
    ['256 in 8 bits', (writer: ByteWriter) => writer.uint8(256)],
    ['-1 in 16 bits', (writer: ByteWriter) => writer.uint16(-1)],
    ['2^24 in 24 bits', (writer: ByteWriter) => writer.uint24(0x1000000)],
    ['2^32 in 32 bits', (writer: ByteWriter) => writer.uint32(0x1_0000_0000)],
    ['1.5 in 32 bits', (writer: ByteWriter) => writer.uint32(1.5)],
  ])('throws for %s', (_, write) => {
    expect(() => write(new ByteWriter())).toThrow(RangeError)
  })

  it('throws for more octets than a length field can count', () => {
    const writer = new ByteWriter()
    const at = writer.openLength()
    writer.put(new Uint8Array(0x10000))
    expect(() => writer.closeLength(at)).toThrow(RangeError)
  })
})
