/** The sentence under the soak's tables. */
import { expect, test } from 'vitest'
import type { Growth } from './growth.ts'
import { verdictOf, type Series } from './report.ts'

const series = (name: string, verdict: Growth['verdict']): Series => ({
  name,
  digits: 0,
  growth: { first: 1, last: 2, perHour: 3, verdict },
})

test('what grows is named, and what only levels off is told apart', () => {
  const told = verdictOf([
    series('alpha memory', 'grows'),
    series('beta memory', 'level'),
    series('log', 'levelling off'),
  ])
  expect(told).toBe('STILL GROWING at the end: alpha memory. Levelling off: log.')
})

test('nothing that grows is said plainly, and a run that is too short says nothing else', () => {
  expect(verdictOf([series('alpha memory', 'level')])).toBe(
    'Nothing was still growing at the end, neither memory nor files.',
  )
  expect(verdictOf([series('alpha memory', 'too short to tell')])).toContain('too short')
})
