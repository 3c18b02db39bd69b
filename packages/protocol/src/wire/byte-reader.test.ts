/** The reader's promise: the first fault sticks, and nothing beyond an area is ever read. */
import { describe, expect, it } from 'vitest'
import { bytesFromHex } from './hex.ts'
import { ByteReader, OPTION_NESTING_MAX } from './byte-reader.ts'

describe('the byte reader', () => {
  it('reads every width in network byte order', () => {
    const reader = new ByteReader(
      bytesFromHex('01' + '0203' + '040506' + 'f7080910' + '20010db8000000000000000000000001'),
    )
    expect(reader.uint8()).toBe(1)
    expect(reader.uint16()).toBe(0x0203)
    expect(reader.uint24()).toBe(0x040506)
    expect(reader.uint32()).toBe(0xf7080910)
    expect(reader.uint128()).toBe(0x20010db8000000000000000000000001n)
    expect(reader.remaining).toBe(0)
    expect(reader.error).toBeUndefined()
  })

  it('keeps the first fault and answers zero afterwards', () => {
    const reader = new ByteReader(bytesFromHex('0102'))
    expect(reader.uint32()).toBe(0)
    expect(reader.uint8()).toBe(0)
    reader.fail('invalid-text', 'a later fault')
    expect(reader.remaining).toBe(0)
    expect(reader.error).toEqual({ reason: 'truncated', offset: 0, detail: '4 octets expected, 2 present' })
  })

  it('does not read past the end of an area', () => {
    const reader = new ByteReader(bytesFromHex('01020304'))
    reader.enter(1)
    expect(reader.uint16()).toBe(0)
    expect(reader.error?.reason).toBe('truncated')
  })

  it('refuses an area that is longer than what is there', () => {
    const reader = new ByteReader(bytesFromHex('0102'))
    reader.nameOption(13)
    reader.enter(3)
    expect(reader.error).toMatchObject({ reason: 'truncated', optionCode: 13 })
  })

  it('refuses an area that was not read to its end', () => {
    const reader = new ByteReader(bytesFromHex('01020304'))
    const outer = reader.enter(3)
    reader.uint8()
    reader.leave(outer)
    expect(reader.error).toEqual({ reason: 'trailing-bytes', offset: 1, detail: '2 octets are left over' })
  })

  it('goes on behind an area that was read to its end', () => {
    const reader = new ByteReader(bytesFromHex('010203'))
    const outer = reader.enter(2)
    reader.uint16()
    reader.leave(outer)
    expect(reader.uint8()).toBe(3)
    expect(reader.error).toBeUndefined()
  })

  it('hands out copies that do not follow the receive buffer', () => {
    const buffer = bytesFromHex('0102')
    const taken = new ByteReader(buffer).takeRemaining()
    buffer.fill(0xff)
    expect(taken).toEqual(bytesFromHex('0102'))
  })

  it('fails when options nest deeper than the limit', () => {
    const reader = new ByteReader(bytesFromHex('01'))
    for (let depth = 0; depth < OPTION_NESTING_MAX; depth += 1) reader.descend()
    expect(reader.error).toBeUndefined()
    reader.descend()
    expect(reader.error?.reason).toBe('nested-too-deep')
  })
})
