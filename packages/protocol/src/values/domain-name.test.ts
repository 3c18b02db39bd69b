/** Domain names: labels on the wire, escapes in text, and the limits of RFC 1035. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { bytesFromHex, hexOf } from '../wire/hex.ts'
import { isDomainName, readDomainName, readWireName, writeDomainName, writeWireName } from './domain-name.ts'

const wire = (name: string): string => {
  const writer = new ByteWriter()
  writeDomainName(writer, name)
  return hexOf(writer.finish())
}

describe('domain names', () => {
  it.each([
    ['example.org', '07 6578616d706c65 03 6f7267 00'],
    ['.', '00'],
    ['a\\.b\\\\c.org', '05 612e625c63 03 6f7267 00'],
    ['\\000\\255', '02 00ff 00'],
  ])('are labels on the wire: %s', (name, hex) => {
    const digits = hex.replace(/ /gu, '')
    expect(wire(name)).toBe(digits)
    const reader = new ByteReader(bytesFromHex(digits))
    expect(readDomainName(reader)).toBe(name)
    expect(reader.error).toBeUndefined()
  })

  it('may be typed with a final dot', () => {
    expect(wire('example.org.')).toBe(wire('example.org'))
  })

  it('come back from any labels', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 63 })
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), fc.boolean(), (labels, fullyQualified) => {
        const octets = labels.flatMap((octetsOfLabel) => [octetsOfLabel.length, ...octetsOfLabel])
        const bytes = Uint8Array.from(fullyQualified ? [...octets, 0] : octets)
        const reader = new ByteReader(bytes)
        const name = readWireName(reader)
        expect(reader.error).toBeUndefined()
        expect(name.fullyQualified).toBe(fullyQualified)
        const writer = new ByteWriter()
        writeWireName(writer, name)
        expect(writer.finish()).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['a label of 64 octets', `40${'61'.repeat(64)}00`],
    ['a compression pointer', 'c000'],
    ['a name of 256 octets', `${`3f${'61'.repeat(63)}`.repeat(4)}00`],
    ['a name without an end', '0161'],
  ])('are refused: %s', (_, hex) => {
    const reader = new ByteReader(bytesFromHex(hex))
    readDomainName(reader)
    expect(reader.error?.reason).toBe('invalid-domain-name')
  })

  it('may have 255 octets', () => {
    const labels = `${`3f${'61'.repeat(63)}`.repeat(3)}3d${'61'.repeat(61)}`
    const reader = new ByteReader(bytesFromHex(`${labels}00`))
    const name = readDomainName(reader)
    expect(reader.error).toBeUndefined()
    expect(wire(name)).toBe(`${labels}00`)
    expect(isDomainName(`${name}a`)).toBe(false)
  })

  it.each(['', '..', 'a..b', '.a', 'ä.org', 'a'.repeat(64), '\\256', 'a\\'])('are not seen in "%s"', (text) => {
    expect(isDomainName(text)).toBe(false)
    if (text !== '') expect(() => wire(text)).toThrow(RangeError)
  })
})
