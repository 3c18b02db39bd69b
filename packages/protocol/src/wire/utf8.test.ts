/** Our own UTF-8 against the platform's, which the package itself may not use. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

describe('UTF-8', () => {
  it('encodes every text as the platform does, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)))
      }),
    )
    expect(encodeUtf8('a\ud800b')).toEqual(new Uint8Array(new TextEncoder().encode('a\ud800b')))
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toEqual({ text: text.toWellFormed(), wellFormed: true })
      }),
    )
  })

  it('judges any octets as a strict platform decoder does', () => {
    const isStrictlyValid = (bytes: Uint8Array): boolean => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        return true
      } catch {
        return false
      }
    }
    const nearlyUtf8 = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xed, 0xa0, 0xf0, 0x90, 0xf4, 0xf5))
    fc.assert(
      fc.property(nearlyUtf8, (values) => {
        const bytes = Uint8Array.from(values)
        expect(decodeUtf8(bytes).wellFormed).toBe(isStrictlyValid(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a two-octet form of /', [0xc0, 0xaf]],
    ['a three-octet form of /', [0xe0, 0x80, 0xaf]],
    ['a four-octet form of a euro sign', [0xf0, 0x82, 0x82, 0xac]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a sequence that ends early', [0xe2, 0x82]],
    ['a lone continuation', [0x80]],
  ])('does not take %s for text', (_, values) => {
    expect(decodeUtf8(Uint8Array.from(values))).toEqual({ text: '\ufffd'.repeat(values.length), wellFormed: false })
  })
})
