/** A finding that is open excuses its own seed and its own checkers, and nothing for longer than it lasts. */
import { expect, it } from 'vitest'
import { judgeFailures, type OpenFinding } from './open-findings.ts'
import { nothingRun, type FailedSeed } from './part.ts'

const finding: OpenFinding = { seed: 7, checkers: ['tables-agree'], known: 'the reason' }
const everySeed = (): boolean => true

function failure(seed: number, ...checkers: readonly string[]): FailedSeed {
  return { seed, violations: checkers.map((checker) => ({ checker, atMs: 1, text: 'what was seen' })) }
}

function judge(...failed: readonly FailedSeed[]) {
  return judgeFailures({ ...nothingRun, seeds: 10, failed }, everySeed, [finding])
}

it('names an open finding and lets the run stand', () => {
  expect(judge(failure(7, 'tables-agree'))).toEqual({ failed: [], open: [finding], mended: [] })
})

it('fails for another seed, and for another checker of the same seed', () => {
  expect(judge(failure(7, 'tables-agree'), failure(8, 'tables-agree')).failed.map(({ seed }) => seed)).toEqual([8])
  expect(judge(failure(7, 'tables-agree', 'one-client-per-lease')).failed.map(({ seed }) => seed)).toEqual([7])
})

it('asks for a finding to be taken from the list as soon as its seed holds', () => {
  expect(judge()).toEqual({ failed: [], open: [], mended: [finding] })
  expect(judgeFailures(nothingRun, () => false, [finding]).mended).toEqual([])
})
