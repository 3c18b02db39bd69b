/** The sentence under the soak's tables. */
import { expect, test } from 'vitest'
import type { Growth } from './growth.ts'
import { verdictOf, type Series } from './report.ts'

const series = (name: string, verdict: Growth['verdict']): Series => ({
  name,
  digits: 0,
  growth: { first: 1, last: 2, perHour: 3, verdict },
})

const alive = (name: string, grows: boolean) => ({ name, before: 10, after: 20, perHour: 30, grows })
const level = [alive('alpha main', false)]

test('what grows is named, and what only levels off is told apart', () => {
  const all = [series('alpha memory', 'grows'), series('beta memory', 'level'), series('log', 'levelling off')]
  expect(verdictOf(all, level)).toBe(
    'STILL GROWING at the end: alpha memory. Levelling off: log. What is alive in the heaps is level: no leak there.',
  )
  expect(verdictOf(all, [alive('alpha main', true)])).toBe(
    'STILL GROWING at the end: what is alive in alpha main, alpha memory. Levelling off: log.',
  )
})

test('garbage that was not collected yet is no growth', () => {
  expect(verdictOf([series('alpha heap main', 'grows')], level)).toContain('Nothing was still growing')
})

test('nothing that grows is said plainly, and a run that is too short says nothing else', () => {
  expect(verdictOf([series('alpha memory', 'level')], level)).toBe(
    'Nothing was still growing at the end, neither memory nor files.',
  )
  expect(verdictOf([series('alpha memory', 'too short to tell')], level)).toContain('too short')
  expect(verdictOf([series('alpha memory', 'level')], [])).toContain('too short')
})
