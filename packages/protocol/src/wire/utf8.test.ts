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
})
