/** What `npm test` says at its end is what happened. */
import { describe, expect, it } from 'vitest'
import { addCounts, exitCodeFor, totalLine } from './suite.ts'
import { suites } from './suites.ts'

describe('the last line', () => {
  it('counts what passed and what failed', () => {
    expect(totalLine({ passed: 12, failed: 3, skipped: 0 })).toBe('12 passed, 3 failed')
  })

  it('tells what was skipped only if something was', () => {
    expect(totalLine({ passed: 12, failed: 0, skipped: 2 })).toBe('12 passed, 0 failed, 2 skipped')
  })
})

describe('the exit code', () => {
  it('is a success only if something passed and nothing failed', () => {
    expect(exitCodeFor({ passed: 1, failed: 0, skipped: 0 })).toBe(0)
    expect(exitCodeFor({ passed: 1, failed: 1, skipped: 0 })).toBe(1)
  })

  it('is a failure where nothing ran, even if nothing failed', () => {
    expect(exitCodeFor({ passed: 0, failed: 0, skipped: 9 })).toBe(1)
  })
})

it('counts are added one by one', () => {
  const sum = addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 })
  expect(sum).toEqual({ passed: 11, failed: 22, skipped: 33 })
})

it('no suite stands in the list twice', () => {
  const names = suites.map((suite) => suite.name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
