/** Turns what a suite left behind (its report, its exit code) into counts; a suite that says nothing has failed. */
import { readFileSync } from 'node:fs'
import type { Counts, ResultKind } from './suite.ts'

export type SuiteOutcome = { readonly exitCode: number; readonly reportFile: string }

export function readResults(kind: ResultKind, outcome: SuiteOutcome): Counts {
  if (kind === 'exit-code') return outcome.exitCode === 0 ? one('passed') : one('failed')
  const report = readReport(outcome.reportFile)
  if (report === undefined) return one('failed')
  return insistOnFailure(readers[kind](report), outcome.exitCode)
}

const readers: Record<Exclude<ResultKind, 'exit-code'>, (report: Fields) => Counts> = {
  vitest: (report) => ({
    passed: numberIn(report, 'numPassedTests'),
    failed: numberIn(report, 'numFailedTests') + filesThatFailedWhole(report),
    skipped: numberIn(report, 'numPendingTests') + numberIn(report, 'numTodoTests'),
  }),
  playwright: (report) => {
    const stats = fieldsIn(report, 'stats')
    // A test that passed only when tried again is not a test that passes.
    const failed = numberIn(stats, 'unexpected') + numberIn(stats, 'flaky')
    return { passed: numberIn(stats, 'expected'), failed, skipped: numberIn(stats, 'skipped') }
  },
  counts: (report) => ({
    passed: numberIn(report, 'passed'),
    failed: numberIn(report, 'failed'),
    skipped: numberIn(report, 'skipped'),
  }),
}

/** A test file that could not be loaded has no tests in the report, only itself. */
function filesThatFailedWhole(report: Fields): number {
  const files = report['testResults']
  if (!Array.isArray(files)) return 0
  return files.filter((file: unknown) => {
    if (!isFields(file) || file['status'] !== 'failed') return false
    const tests: unknown = file['assertionResults']
    return !Array.isArray(tests) || tests.every((test: unknown) => !isFields(test) || test['status'] !== 'failed')
  }).length
}

/** A suite that ended badly, or in which nothing ran, must not look well because no single test is to blame. */
function insistOnFailure(counts: Counts, exitCode: number): Counts {
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0
  return counts.failed === 0 && (exitCode !== 0 || ranNothing) ? { ...counts, failed: 1 } : counts
}

function one(what: 'passed' | 'failed'): Counts {
  return { passed: 0, failed: 0, skipped: 0, [what]: 1 }
}

type Fields = Readonly<Record<string, unknown>>

function readReport(file: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isFields(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isFields(value) ? value : {}
}

function numberIn(fields: Fields, name: string): number {
  const value = fields[name]
  return typeof value === 'number' ? value : 0
}
