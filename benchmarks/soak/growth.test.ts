/** What counts as growth, on made-up hours. */
import { expect, test } from 'vitest'
import { growthOf, lineThrough, type Point } from './growth.ts'

const minutes = (count: number, valueAt: (minute: number) => number): readonly Point[] =>
  Array.from({ length: count }, (_, minute) => ({ minute, value: valueAt(minute) }))

/** Ups and downs of a collector, without chance in them. */
const wobble = (minute: number): number => [0, 3, -2, 4, -3, 1, -4][minute % 7] ?? 0

test('a straight line is found through its points, with no uncertainty', () => {
  const { perMinute, standardError } = lineThrough(minutes(10, (minute) => 7 + 2 * minute))
  expect(perMinute).toBeCloseTo(2)
  expect(standardError).toBeCloseTo(0)
})

test('the uncertainty of a slope is that of the textbook', () => {
  // Slope 0.5; residuals 1/3 of a square sum of 1.5 around it: sqrt(1.5 / 1 / 2).
  const { perMinute, standardError } = lineThrough([
    { minute: 0, value: 0 },
    { minute: 1, value: 2 },
    { minute: 2, value: 1 },
  ])
  expect(perMinute).toBeCloseTo(0.5)
  expect(standardError).toBeCloseTo(Math.sqrt(0.75))
})

test('what only wobbles is level', () => {
  expect(growthOf(minutes(30, (minute) => 200 + wobble(minute))).verdict).toBe('level')
})

test('a steady leak under the wobble is found, and told by the hour', () => {
  const growth = growthOf(minutes(30, (minute) => 200 + minute + wobble(minute)))
  expect(growth.verdict).toBe('grows')
  expect(growth.perHour).toBeGreaterThan(50)
  expect(growth.perHour).toBeLessThan(70)
})

test('what fills up at the beginning only is level', () => {
  expect(growthOf(minutes(30, (minute) => Math.min(300, 100 + 40 * minute))).verdict).toBe('level')
})

test('what comes near to its bound is levelling off', () => {
  expect(growthOf(minutes(30, (minute) => 300 - 200 * Math.exp(-minute / 6))).verdict).toBe('levelling off')
})

test('a slope that nobody would notice is level', () => {
  expect(growthOf(minutes(30, (minute) => 200 + 0.01 * minute)).verdict).toBe('level')
})

test('less than a hundredth in a short run is no growth, however straight the line', () => {
  expect(growthOf(minutes(10, (minute) => 66 + 0.07 * minute)).verdict).toBe('level')
  expect(growthOf(minutes(40, (minute) => 66 + 0.07 * minute)).verdict).toBe('grows')
})

test('a short run tells nothing, and says so', () => {
  expect(growthOf(minutes(5, (minute) => 100 * minute))).toEqual({
    first: 0,
    last: 400,
    perHour: undefined,
    verdict: 'too short to tell',
  })
})
