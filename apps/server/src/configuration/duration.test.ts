/** Durations carry their unit in both directions. */
import { expect, test } from 'vitest'
import { formatDuration, parseDurationSeconds } from './duration.ts'

test.each([
  ['130s', 130],
  ['90m', 5400],
  ['1h', 3600],
  ['2d', 172_800],
  ['0s', 0],
])('%s is %i seconds, and is written so again', (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds)
  expect(formatDuration(seconds)).toBe(text)
})

test.each(['120', '1.5h', '-5s', '1h30m', ' 5s', '5 s', '1w', '', 's'])('%j is not a duration', (text) => {
  expect(parseDurationSeconds(text)).toBeUndefined()
})
