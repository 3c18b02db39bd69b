/** A suite's own report becomes counts, and no suite looks well that did not run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readResults } from './read-results.ts'
import type { Counts, ResultKind } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'tandem-reports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(kind: ResultKind, report: unknown, exitCode = 0): Counts {
  const reportFile = join(folder, `${kind}.json`)
  writeFileSync(reportFile, JSON.stringify(report))
  return readResults(kind, { exitCode, reportFile })
}

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
})

describe('results of a suite', () => {
  it('are one test for a check', () => {
    expect(readResults('exit-code', { exitCode: 0, reportFile: '' })).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(readResults('exit-code', { exitCode: 2, reportFile: '' })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('are read from the report of Vitest', () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] }
    expect(read('vitest', report, 1)).toEqual({ passed: 5, failed: 1, skipped: 3 })
  })

  it('count a test file that could not be loaded as one failure, and one with a failed test only by its tests', () => {
    const loadFailed = { numPassedTests: 5, numFailedTests: 0, testResults: [file('failed'), file('passed', 'passed')] }
    expect(read('vitest', loadFailed, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
    const testFailed = { numPassedTests: 4, numFailedTests: 1, testResults: [file('failed', 'failed', 'passed')] }
    expect(read('vitest', testFailed, 1)).toEqual({ passed: 4, failed: 1, skipped: 0 })
  })

  it('are read from the report of Playwright, where a flaky test counts as failed', () => {
    const stats = { expected: 7, unexpected: 1, flaky: 1, skipped: 1 }
    expect(read('playwright', { stats }, 1)).toEqual({ passed: 7, failed: 2, skipped: 1 })
  })

  it('are read from the plain counts of a suite of our own', () => {
    expect(read('counts', { passed: 3, failed: 0, skipped: 1 })).toEqual({ passed: 3, failed: 0, skipped: 1 })
  })

  it('are one failure if the suite left no report, or one that cannot be read', () => {
    const failure = { passed: 0, failed: 1, skipped: 0 }
    expect(readResults('vitest', { exitCode: 0, reportFile: join(folder, 'missing.json') })).toEqual(failure)
    writeFileSync(join(folder, 'cut.json'), '{"numPassedTests":')
    expect(readResults('vitest', { exitCode: 0, reportFile: join(folder, 'cut.json') })).toEqual(failure)
  })

  it('are a failure if nothing ran, or if the suite ended badly though every test passed', () => {
    expect(read('counts', { passed: 0, failed: 0, skipped: 0 })).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(read('vitest', { numPassedTests: 5 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })
})
