/** Round marks, and gaps that stay gaps. */
import { describe, expect, it } from 'vitest'
import { markWords, nearestIndex, stretchesOf, timeMarks, valueMarks } from './chart-scale.ts'

describe('marks of values', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 25, 50, 75, 100]],
    [1204, [0, 500, 1000, 1500]],
    [4096, [0, 2500, 5000]],
  ])('up to %d', (largest, marks) => {
    expect(valueMarks(largest)).toEqual(marks)
  })

  it('reach the largest, also of a pool of 2^88', () => {
    for (const largest of [2, 9, 11, 37, 999, 1001, 65_537, 2 ** 64, 2 ** 88]) {
      const marks = valueMarks(largest)
      expect(marks[0]).toBe(0)
      expect(marks.at(-1)).toBeGreaterThanOrEqual(largest)
      expect(marks.length).toBeGreaterThanOrEqual(2)
      expect(marks.length).toBeLessThanOrEqual(6)
    }
  })
})

describe('the words of a mark', () => {
  it.each([
    [7500, '7500'],
    [20_000, '20k'],
    [2_500_000, '2.5M'],
    [1.5e19, '1.5×10¹⁹'],
    [2e26, '2×10²⁶'],
  ])('%d', (mark, words) => {
    expect(markWords(mark)).toBe(words)
  })
})

describe('marks of times', () => {
  const at = Date.UTC(2026, 10, 27, 3, 17, 40)
  const iso = (marks: readonly number[]) => marks.map((mark) => new Date(mark).toISOString().slice(5, 16))

  it('are round, within the stretch, and not too many', () => {
    expect(iso(timeMarks(at - 3_600_000, at, 6, 0))).toEqual([
      '11-27T02:20',
      '11-27T02:30',
      '11-27T02:40',
      '11-27T02:50',
      '11-27T03:00',
      '11-27T03:10',
    ])
    expect(iso(timeMarks(at - 86_400_000, at, 6, 0))).toEqual([
      '11-26T04:00',
      '11-26T08:00',
      '11-26T12:00',
      '11-26T16:00',
      '11-26T20:00',
      '11-27T00:00',
    ])
  })

  it('are round where the reader is', () => {
    const zoneMs = 5.5 * 3_600_000
    for (const mark of timeMarks(at - 14 * 86_400_000, at, 8, zoneMs)) {
      expect(new Date(mark + zoneMs).toISOString().slice(11)).toBe('00:00:00.000Z')
    }
  })
})

describe('stretches', () => {
  it('end where the server did not run', () => {
    expect(stretchesOf([], 10)).toEqual([])
    expect(stretchesOf([0, 10, 20, 60, 70, 95, 130], 10)).toEqual([
      [0, 2],
      [3, 5],
      [6, 6],
    ])
  })
})

it('finds the nearest point', () => {
  expect(nearestIndex([], 5)).toBe(-1)
  expect(nearestIndex([0, 10, 20], 14)).toBe(1)
  expect(nearestIndex([0, 10, 20], 99)).toBe(2)
})
