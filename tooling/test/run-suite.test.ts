/** A suite is run to its end, or ended with all that it started. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { runSuite } from './run-suite.ts'
import type { RunContext } from './run-suite.ts'
import { check } from './suite-kinds.ts'
import type { Suite } from './suite.ts'

const reports = mkdtempSync(join(tmpdir(), 'tandem-run-suite-'))
afterAll(() => rmSync(reports, { recursive: true, force: true }))

const context: RunContext = { root: workspaceRoot, reports, named: true, signal: new AbortController().signal }
const scripted = (source: string, changes: Partial<Suite> = {}): Suite => ({
  ...check('probe', 'node', '-e', source),
  ...changes,
})

/** Writes the id of a grandchild that would live for a minute, then waits itself. */
const withGrandchild = (file: string): string => `
  const child = require('child_process').spawn('sleep', ['60'])
  require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid))
  setInterval(() => {}, 1000)`

/** Ended; perhaps still listed, until the init process asks for it. */
function hasEnded(pid: string): boolean {
  const status = `/proc/${pid}/status`
  return !existsSync(status) || /^State:\s+Z/m.test(readFileSync(status, 'utf8'))
}

const expectEnded = (pid: string): Promise<void> => vi.waitFor(() => expect(hasEnded(pid)).toBe(true))

describe('running a suite', () => {
  it('counts a check by its exit code', async () => {
    expect((await runSuite(scripted(''), context)).counts).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect((await runSuite(scripted('process.exit(3)'), context)).counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('keeps the last words of a suite that failed without a report', async () => {
    const { failedTests } = await runSuite(scripted('console.log("seed 7 failed"); process.exitCode = 1'), context)
    expect(failedTests).toEqual([{ name: expect.any(String), lines: ['seed 7 failed'] }])
    expect((await runSuite(scripted('console.log("fine")'), context)).failedTests).toEqual([])
  })

  it('takes the counts that a suite of our own leaves', async () => {
    const source = `require('fs').writeFileSync(process.env.TANDEM_TEST_RESULTS, '{"passed":4,"failed":0,"skipped":1}')`
    const { counts } = await runSuite(scripted(source, { results: 'counts' }), context)
    expect(counts).toEqual({ passed: 4, failed: 0, skipped: 1 })
  })

  it('ends one that takes too long, with all that it started, and counts it as failed', async () => {
    const file = join(reports, 'late.pid')
    const run = await runSuite(scripted(withGrandchild(file), { limitMinutes: 1 / 60 }), context)
    expect(run).toMatchObject({ timedOut: true, counts: { passed: 0, failed: 1, skipped: 0 } })
    await expectEnded(readFileSync(file, 'utf8'))
  })

  it('ends one, with all that it started, when the whole run is interrupted', async () => {
    const file = join(reports, 'interrupted.pid')
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 500)
    const { counts } = await runSuite(scripted(withGrandchild(file)), { ...context, signal: abort.signal })
    expect(counts.failed).toBe(1)
    await expectEnded(readFileSync(file, 'utf8'))
  })
})
