/** Counts of pools beyond what a number holds. */
import { describe, expect, it } from 'vitest'
import { barWidths, countWords, groupedDigits, shareWords } from './count-words.ts'

describe('a count in words', () => {
  it('is written out while a person can take it in', () => {
    expect(countWords('0')).toBe('0')
    expect(countWords('65536')).toBe('65,536')
    expect(countWords('9999999')).toBe('9,999,999')
  })

  it('names a power of two, and says when it is only nearly one', () => {
    expect(countWords('18446744073709551616')).toBe('2⁶⁴')
    expect(countWords('18446744073709551300')).toBe('≈ 2⁶⁴')
    expect(countWords('9223372036854775818')).toBe('≈ 2⁶³')
  })

  it('is rounded to three digits otherwise, also where rounding carries', () => {
    expect(countWords('12345678901234567890')).toBe('≈ 1.23 × 10¹⁹')
    expect(countWords('99996000000')).toBe('≈ 1.00 × 10¹¹')
    expect(countWords('12345678')).toBe('≈ 1.23 × 10⁷')
  })

  it('loses no digit beyond 2^53 when written in full', () => {
    expect(groupedDigits('18446744073709551615')).toBe('18,446,744,073,709,551,615')
  })
})

describe('a share', () => {
  it('tells nothing from almost nothing', () => {
    expect(shareWords('0', '18446744073709551616')).toBe('0 %')
    expect(shareWords('310', '18446744073709551616')).toBe('< 0.1 %')
    expect(shareWords('512', '4096')).toBe('12.5 %')
    expect(shareWords('0', '0')).toBe('0 %')
  })
})

describe('the parts of a bar', () => {
  it('always fill it, and what exists is wide enough to be seen', () => {
    const widths = barWidths(['310', '9', '0', '9223372036854775590', '9223372036854775707'])
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(1000)
    expect(widths[0]).toBe(8)
    expect(widths[1]).toBe(8)
    expect(widths[2]).toBe(0)
  })

  it('are all empty in an empty pool', () => {
    expect(barWidths(['0', '0'])).toEqual([0, 0])
  })
})
