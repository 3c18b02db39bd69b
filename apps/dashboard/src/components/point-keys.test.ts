/** Keys lead from point to point, and never beyond the ends. */
import { expect, it } from 'vitest'
import { pointOfKey } from './point-keys.ts'

it.each([
  ['ArrowLeft', 3],
  ['ArrowRight', 5],
  ['PageDown', 0],
  ['PageUp', 9],
  ['Home', 0],
  ['End', 9],
  ['Enter', undefined],
  ['toString', undefined],
])('%s', (key, expected) => {
  expect(pointOfKey(key, 4, 9)).toBe(expected)
})
