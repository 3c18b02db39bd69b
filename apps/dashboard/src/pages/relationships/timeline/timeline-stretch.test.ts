/** The stretch that a timeline shows survives its address, moves by halves, and never lies ahead of now. */
import { describe, expect, it } from 'vitest'
import { moved, searchOf, stretchOf, zoomed } from './timeline-stretch.ts'

const NOW = Date.parse('2026-11-28T12:00:00.000Z')
const HOUR = 3_600_000

describe('the address of a timeline', () => {
  it.each(['', 'span=1h', 'span=30d&to=2026-11-27T00%3A00%3A00.000Z'])('"%s" is read and written alike', (text) => {
    expect(searchOf(stretchOf(new URLSearchParams(text)), NOW).toString()).toBe(text)
  })

  it.each(['span=century', 'to=yesterday', 'span=toString'])('"%s" is as if it were not there', (text) => {
    expect(stretchOf(new URLSearchParams(text))).toEqual({ span: '24h', toMs: undefined })
  })

  it('does not name an end that is still to come', () => {
    expect(searchOf({ span: '1h', toMs: NOW + 1 }, NOW).toString()).toBe('span=1h')
  })
})

it('moves by half of its length, from now or from where it is', () => {
  expect(moved({ span: '6h', toMs: undefined }, -1, NOW)).toEqual({ span: '6h', toMs: NOW - 3 * HOUR })
  expect(moved({ span: '6h', toMs: NOW - 3 * HOUR }, 1, NOW)).toEqual({ span: '6h', toMs: NOW })
})

it('is made longer or shorter around its middle, and goes on with now if it did', () => {
  expect(zoomed({ span: '24h', toMs: NOW }, '6h')).toEqual({ span: '6h', toMs: NOW - 9 * HOUR })
  expect(zoomed({ span: '24h', toMs: undefined }, '6h')).toEqual({ span: '6h', toMs: undefined })
})
