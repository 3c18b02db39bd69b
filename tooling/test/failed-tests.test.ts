/** The end of a run names what failed, whatever kind of report the suite left. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { lastWords, readFailedTests } from './failed-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tandem-failed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function reportFile(report: unknown): string {
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(report))
  return file
}

describe('failed tests', () => {
  it('are read from the report of Vitest, without colours and stack', () => {
    const message = 'AssertionError: kill 7\n\u001B[31m+ lost\u001B[39m\n\n    at file.ts:1:2'
    const report = {
      testResults: [
        {
          name: '/a.test.ts',
          status: 'failed',
          assertionResults: [
            { fullName: 'a works', status: 'passed' },
            { fullName: 'a holds', status: 'failed', failureMessages: [message] },
          ],
        },
        { name: '/b.test.ts', status: 'failed', message: 'cannot be loaded', assertionResults: [] },
      ],
    }
    expect(readFailedTests('vitest', reportFile(report))).toEqual([
      { name: 'a holds', lines: ['AssertionError: kill 7', '+ lost'] },
      { name: '/b.test.ts', lines: ['cannot be loaded'] },
    ])
  })

  it('are read from the report of Playwright, from suites within suites', () => {
    const attempt = { errors: [{ message: 'not visible' }] }
    const spec = { title: 'shows the pair', ok: false, tests: [{ results: [attempt] }] }
    const report = { suites: [{ specs: [{ title: 'fine', ok: true }], suites: [{ specs: [spec] }] }] }
    expect(readFailedTests('playwright', reportFile(report))).toEqual([
      { name: 'shows the pair', lines: ['not visible'] },
    ])
  })

  it('are none where there is no report', () => {
    expect(readFailedTests('vitest', join(folder, 'missing.json'))).toEqual([])
    expect(readFailedTests('exit-code', join(folder, 'missing.json'))).toEqual([])
  })

  it('have the last words of a suite without a report', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`)
    expect(lastWords(`${lines.join('\n')}\n`).at(-1)).toBe('line 99')
    expect(lastWords(`${lines.join('\n')}\n`)).toHaveLength(24)
  })
})
