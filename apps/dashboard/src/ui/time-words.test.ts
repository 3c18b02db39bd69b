/** Times in words. */
import { describe, expect, it } from 'vitest'
import { agoWords, durationWords, fullTime, localTime, roughlyUntilWords, untilWords } from './time-words.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')

describe('a duration', () => {
  it('has the two largest units that count', () => {
    expect(durationWords(0)).toBe('0 s')
    expect(durationWords(59_400)).toBe('59 s')
    expect(durationWords(59_600)).toBe('1 min')
    expect(durationWords(1_084_000)).toBe('18 min 4 s')
    expect(durationWords(2 * 3_600_000 + 59_000)).toBe('2 h')
    expect(durationWords(53 * 3_600_000)).toBe('2 d 5 h')
  })
})

describe('a point in time', () => {
  it('is just now, ago, or yet to come', () => {
    expect(agoWords(noon, noon + 1_000)).toBe('just now')
    expect(agoWords(noon, noon + 42_000)).toBe('42 s ago')
    expect(agoWords(noon, noon - 5_000)).toBe('in 5 s')
  })

  it('counts down, and says when it is overdue', () => {
    expect(untilWords(noon + 90_000, noon)).toBe('in 1 min 30 s')
    expect(untilWords(noon, noon)).toBe('now')
    expect(untilWords(noon, noon + 10_000)).toBe('due 10 s ago')
  })

  it('has no seconds when it is only reckoned', () => {
    expect(roughlyUntilWords(noon + 42_000, noon)).toBe('within a minute')
    expect(roughlyUntilWords(noon + 1_131_000, noon)).toBe('in 19 min')
    expect(roughlyUntilWords(noon + 3 * 3_600_000 + 120_000, noon)).toBe('in 3 h 2 min')
    expect(roughlyUntilWords(noon - 10_000, noon)).toBe('due 10 s ago')
  })

  it('is a clock time today, and has its date on another day', () => {
    expect(localTime(noon, noon + 3_600_000, 'UTC')).toBe('12:00:00')
    expect(localTime(noon, noon + 86_400_000, 'UTC')).toBe('21 Nov 12:00:00')
    expect(localTime(noon, noon + 60 * 86_400_000, 'UTC')).toBe('21 Nov 2026 12:00:00')
    expect(localTime(noon, noon, 'Asia/Tokyo')).toBe('21:00:00')
  })

  it('names its zone when it is given in full', () => {
    expect(fullTime(noon, 'UTC')).toBe('Sat, 21 Nov 2026, 12:00:00 UTC')
  })
})
