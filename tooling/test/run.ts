/** `npm test`: every suite that this machine can run, then one line that counts them all. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { installMissingPackages } from './debian-packages.ts'
import { missingNeeds, thisMachine } from './machine.ts'
import type { Machine } from './machine.ts'
import type { FailedTest } from './failed-tests.ts'
import { runSuite } from './run-suite.ts'
import type { SuiteRun } from './run-suite.ts'
import { addCounts, exitCodeFor, nothingCounted, totalLine } from './suite.ts'
import type { Counts, Suite } from './suite.ts'
import { suites } from './suites.ts'

const SIDE_BY_SIDE_MAX = 2

type Verdict = {
  readonly suite: Suite
  readonly counts: Counts
  readonly failedTests: readonly FailedTest[]
  readonly note: string
}

const root = dirname(dirname(import.meta.dirname))
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function main(): Promise<number> {
  const args = process.argv.slice(2)
  const chosen = choose(args)
  if (typeof chosen === 'string') {
    say(chosen)
    return 2
  }
  const machine = thisMachine()
  installMissingPackages(chosen, machine, say)
  const reports = mkdtempSync(join(tmpdir(), 'tandem-test-'))
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())
  try {
    const verdicts = await runAll(chosen, machine, { reports, signal: abort.signal })
    return conclude(verdicts, abort.signal.aborted)
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

/** `--quick`, or `--only WORD` for the suites whose name contains it. */
function choose(args: readonly string[]): readonly Suite[] | string {
  const only = args.indexOf('--only')
  const word = only === -1 ? undefined : args[only + 1]
  const unknown = args.filter(
    (arg, index) => arg !== '--quick' && index !== only && (only === -1 || index !== only + 1),
  )
  if (unknown.length > 0 || (only !== -1 && word === undefined)) {
    return `Unknown argument ${unknown[0] ?? '--only'}: npm test takes \`-- --quick\` or \`-- --only WORD\`.`
  }
  const named = suites.filter((suite) => word === undefined || suite.name.includes(word))
  const quick = args.includes('--quick')
  const leftOut = quick ? named.filter((suite) => !suite.quick) : []
  if (leftOut.length > 0) say(`Left out by --quick: ${leftOut.map((suite) => suite.name).join('; ')}`)
  const kept = named.filter((suite) => !leftOut.includes(suite))
  return quick ? kept.map((suite) => ({ ...suite, command: suite.quickCommand ?? suite.command })) : kept
}

type Run = { readonly reports: string; readonly signal: AbortSignal }

async function runAll(chosen: readonly Suite[], machine: Machine, run: Run): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const group of groupSideBySide(chosen)) {
    const waiting = [...group]
    const worker = async (): Promise<void> => {
      for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
        if (run.signal.aborted) return
        verdicts.push(await runOrSkip(suite, machine, group.length > 1, run))
      }
    }
    await Promise.all(Array.from({ length: Math.min(group.length, SIDE_BY_SIDE_MAX) }, worker))
  }
  return verdicts
}

/** Neighbours in the list that may share the machine form one group; every other suite is a group of its own. */
function groupSideBySide(chosen: readonly Suite[]): readonly (readonly Suite[])[] {
  const groups: Suite[][] = []
  for (const suite of chosen) {
    const last = groups.at(-1)
    if (suite.sideBySide && last?.at(-1)?.sideBySide === true) last.push(suite)
    else groups.push([suite])
  }
  return groups
}

async function runOrSkip(suite: Suite, machine: Machine, named: boolean, run: Run): Promise<Verdict> {
  say(`\n=== ${suite.name} ${'='.repeat(Math.max(3, 72 - suite.name.length))}`)
  const missing = missingNeeds(suite.needs, machine)
  if (missing.length > 0) {
    say(`SKIPPED, NOT RUN: ${suite.name} ${missing.join('; ')}`)
    const counts = { ...nothingCounted, skipped: 1 }
    return { suite, counts, failedTests: [], note: `skipped: ${missing.join('; ')}` }
  }
  const result = await runSuite(suite, { root, ...run, named })
  return { suite, counts: result.counts, failedTests: result.failedTests, note: describe(result) }
}

function describe({ counts, seconds, timedOut }: SuiteRun): string {
  return `${totalLine(counts)} (${seconds} s)${timedOut ? ', TIMED OUT' : ''}`
}

function conclude(verdicts: readonly Verdict[], aborted: boolean): number {
  say(`\n${'='.repeat(76)}`)
  for (const { suite, counts, note } of verdicts) {
    const mark = counts.failed > 0 ? 'FAILED ' : counts.passed === 0 ? 'SKIPPED' : 'ok     '
    say(`${mark} ${suite.name}: ${note}`)
  }
  for (const { suite, failedTests } of verdicts) {
    for (const { name, lines } of failedTests) say([`FAILED  ${suite.name}: ${name}`, ...lines].join('\n    '))
  }
  // Once more, a line each: a record of a long output may keep no more than its end.
  for (const { suite, failedTests } of verdicts) {
    for (const { name, lines } of failedTests) say(`failed: ${suite.name}: ${name}: ${(lines[0] ?? '').slice(0, 120)}`)
  }
  const total = verdicts.map((verdict) => verdict.counts).reduce(addCounts, nothingCounted)
  const counted = aborted ? addCounts(total, { ...nothingCounted, failed: 1 }) : total
  if (aborted) say('FAILED  interrupted: what had not run yet is not counted')
  say(totalLine(counted))
  return exitCodeFor(counted)
}

process.exitCode = await main()
