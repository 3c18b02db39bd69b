/** What a comparison of all leases found is said in a sentence, and what telling again does before it is done. */
import { routeExamples } from '@tandem/api-contract'
import type { TableComparison } from '@tandem/api-contract'
import { expect, test } from 'vitest'
import { outcomeWords, poolWords, repairable, repairWords, summaryOf, toldWords } from './repair-words.ts'

const found: TableComparison = routeExamples.getTableComparison.answer

test('a comparison is summed up in each state', () => {
  expect(summaryOf(found)).toBe(
    'Of 2,515 leases 2 differ from what beta has. 3 leases were changing and could not be compared.',
  )
  expect(summaryOf({ ...found, differing: '0' })).toMatch(
    /^Of 2,515 leases none differs from what beta has\. 3 leases/u,
  )
  expect(summaryOf({ ...found, compared: '1', differing: '0', moving: '0' })).toBe(
    'All 1 lease agree with what beta has.',
  )
  expect(summaryOf({ ...found, state: 'running', differing: '1' })).toMatch(/2,515 leases so far, 1 differs\.$/u)
  expect(summaryOf({ ...found, state: 'never' })).toMatch(/^Not compared since/u)
  expect(summaryOf({ ...found, state: 'cancelled', differing: '0' })).toMatch(/none differs/u)
  expect(summaryOf({ ...found, state: 'failed', problem: 'no answer within 3 s' })).toMatch(
    /: no answer within 3 s\.$/u,
  )
})

test('only what has a record here can be told again, and what is beyond the list is said', () => {
  const [first, ...rest] = found.differences
  if (first === undefined) throw new Error('the example has some')
  const onlyThere = { ...first, outcome: 'only-there' as const, state: null }
  expect(repairable(found)).toBe(2)
  expect(repairable({ ...found, differences: [onlyThere, ...rest] })).toBe(1)
  expect(repairWords(found).question).toBe('Tell beta again of 2 leases?')
  expect(repairWords(found).effects).toHaveLength(1)
  expect(repairWords({ ...found, differing: '1202' }).effects[1]).toMatch(/^1,200 leases more differ/u)
})

test('how it differs and in which pool', () => {
  expect((['differs', 'only-here', 'only-there'] as const).map((each) => outcomeWords(each, 'beta'))).toEqual([
    'the records differ',
    'beta has no record',
    'only beta has a record',
  ])
  expect(poolWords({ poolId: null, kind: 'prefix' })).toBe('prefixes of no pool')
  expect(poolWords({ poolId: '2001:db8::/40-56', kind: 'prefix' })).toBe('2001:db8::/40-56')
})

test('what was told again is said, with what was refused', () => {
  expect(toldWords(found)).toBeUndefined()
  const repair = { at: '2026-11-27T03:14:40.020Z', by: 'ann', reason: 'snapshot', told: '1' }
  const refused = [{ refusal: 'would-undo-there' as const, count: '1' }]
  expect(toldWords({ ...found, repair: { ...repair, refused } })).toBe(
    'beta was told again of 1 lease. Compare again to see what came of it. 1 left alone: the partner has it in use otherwise.',
  )
})
