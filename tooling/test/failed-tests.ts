/** What failed, in few words, from a suite's own report: the end of a run must say it without a search through the output. */
import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { ResultKind } from './suite.ts'

/** Name of a test, and the first lines of what it objects to. */
export type FailedTest = { readonly name: string; readonly lines: readonly string[] }

const LINES_MAX = 24
const LINE_LENGTH_MAX = 300

export function readFailedTests(kind: ResultKind, reportFile: string): readonly FailedTest[] {
  if (kind !== 'vitest' && kind !== 'playwright') return []
  try {
    const report: unknown = JSON.parse(readFileSync(reportFile, 'utf8'))
    return kind === 'vitest' ? ofVitest(report) : ofPlaywright(report)
  } catch {
    // A report that is missing or cut is counted as a failure by itself (read-results.ts).
    return []
  }
}

/** The last lines that a suite without a report has printed. */
export function lastWords(output: string): readonly string[] {
  return output.trimEnd().split('\n').slice(-LINES_MAX).map(shorten)
}

function ofVitest(report: unknown): readonly FailedTest[] {
  return listIn(report, 'testResults').flatMap((file) => {
    const failed = listIn(file, 'assertionResults')
      .filter((test) => fieldOf(test, 'status') === 'failed')
      .map((test) => ({
        name: textIn(test, 'fullName'),
        lines: firstLines(listIn(test, 'failureMessages').map(String).join('\n')),
      }))
    const failedWhole = failed.length === 0 && fieldOf(file, 'status') === 'failed'
    return failedWhole ? [{ name: textIn(file, 'name'), lines: firstLines(textIn(file, 'message')) }] : failed
  })
}

/** Suites within suites; each has specs, these have tests, and these their attempts. */
function ofPlaywright(report: unknown): readonly FailedTest[] {
  const here = listIn(report, 'specs')
    .filter((spec) => fieldOf(spec, 'ok') === false)
    .map((spec) => {
      const attempts = listIn(spec, 'tests').flatMap((test) => listIn(test, 'results'))
      const messages = attempts.flatMap((attempt) => listIn(attempt, 'errors').map((error) => textIn(error, 'message')))
      return { name: textIn(spec, 'title'), lines: firstLines(messages.join('\n')) }
    })
  return [...here, ...listIn(report, 'suites').flatMap(ofPlaywright)]
}

function firstLines(text: string): readonly string[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
  return lines.slice(0, LINES_MAX).map(shorten)
}

function shorten(line: string): string {
  return line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX)} ...` : line
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name)
  return Array.isArray(list) ? list : []
}

function textIn(value: unknown, name: string): string {
  const text = fieldOf(value, name)
  return typeof text === 'string' ? text : ''
}
