/** The arithmetic that every table rests on. */
import { expect, test } from 'vitest'
import { quantileOf, spreadOf, spreadText } from './statistics.ts'

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(spreadOf([30, 4, 100])).toEqual({ lowest: 4, median: 30, highest: 100, count: 3 })
})

test('the median of an even number of values lies between the two in the middle', () => {
  expect(spreadOf([1, 2, 4, 100]).median).toBe(3)
})

test('one value is its own spread, and none has no spread', () => {
  expect(spreadOf([7])).toEqual({ lowest: 7, median: 7, highest: 7, count: 1 })
  expect(() => spreadOf([])).toThrow('no values')
})

test('quantiles of a hundred and one values are their places', () => {
  const values = Array.from({ length: 101 }, (_, index) => index)
  expect([0, 0.5, 0.95, 0.99, 1].map((quantile) => quantileOf(values, quantile))).toEqual([0, 50, 95, 99, 100])
})

test('a quantile that falls between two values lies between them', () => {
  expect(quantileOf([10, 20], 0.95)).toBeCloseTo(19.5)
})

test('a spread is told with its ends', () => {
  expect(spreadText(spreadOf([1, 2, 3.26]), 1)).toBe('2.0 (1.0 to 3.3)')
})
