/** `tandem simulate`: two servers, clients and a bad network from one seed, many times over; a seed that fails can be replayed. */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  addParts,
  coverageLines,
  failureLines,
  judgeCoverage,
  judgeFailures,
  nothingRun,
  partOf,
  reachedLines,
  reportPage,
  runWorld,
  totalLines,
} from '@tandem/simulator'
import type { Findings, PartResult } from '@tandem/simulator'
import { UserError } from '../user-error.ts'
import { appendToPartFile, compactPartFile, readPartFile } from './part-file.ts'
import { programIdentity } from './program-identity.ts'
import { runStretches, stretchesLeft, type Stretch } from './run-stretches.ts'

export interface SimulateOptions {
  /** The only seed, or the first of several. */
  readonly seed: string | undefined
  readonly seeds: string | undefined
  readonly resume: string | undefined
  readonly threads: string | undefined
  /** Where to write the page of figures. */
  readonly report: string | undefined
}

interface RunFiles {
  /** What was finished is kept here, and a later run goes on from it. */
  readonly resume: string | undefined
  readonly report: string | undefined
}

/** So many seeds are run before their result is kept. */
const STRETCH_SEEDS = 20
const REPORT_EVERY_MS = 10_000

export async function simulateCommand(options: SimulateOptions): Promise<void> {
  const first = wholeNumber(options.seed ?? '1', '--seed')
  if (options.seeds === undefined) {
    if (options.report !== undefined) throw new UserError('--report goes with --seeds N')
    if (options.seed === undefined) throw new UserError('say how many: tandem simulate --seeds N, or --seed S for one')
    replay(first)
    return
  }
  const count = wholeNumber(options.seeds, '--seeds')
  const threads = options.threads === undefined ? availableParallelism() : wholeNumber(options.threads, '--threads')
  await runMany(first, count, threads, { resume: options.resume, report: options.report })
}

/** All that happened, line by line, then the verdict. */
function replay(seed: number): void {
  const verdict = runWorld({ seed, transcript: true })
  for (const line of verdict.transcript) say(line)
  const part = partOf(verdict)
  for (const failure of part.failed) for (const line of failureLines(failure)) say(line)
  conclude(part, (run) => run === seed)
}

async function runMany(first: number, count: number, threads: number, files: RunFiles): Promise<void> {
  const file = files.resume
  const program = programIdentity()
  // A stretch that reaches beyond what is asked for counts for nothing: its figures cannot be taken apart.
  const isWanted = (stretch: Stretch): boolean =>
    stretch.first >= first && stretch.first + stretch.count <= first + count
  const finished = file === undefined ? [] : readPartFile(file, program).filter(isWanted)
  let total = finished.map(({ result }) => result).reduce(addParts, nothingRun)
  if (finished.length > 0) say(`${total.seeds} seeds were run before`)
  const interruption = new AbortController()
  const interrupt = (): void => interruption.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  let reportedAt = Date.now()
  await runStretches({
    stretches: stretchesLeft({ first, count }, finished, STRETCH_SEEDS),
    threads,
    signal: interruption.signal,
    done(stretch, result) {
      total = addParts(total, result)
      if (file !== undefined) appendToPartFile(file, program, { ...stretch, result })
      for (const failed of result.failed) for (const line of failureLines(failed)) say(line)
      if (Date.now() - reportedAt < REPORT_EVERY_MS) return
      reportedAt = Date.now()
      say(`${total.seeds} of ${count} seeds, ${total.failed.length} failed`)
    },
  })
  if (file !== undefined && total.seeds > 0) compactPartFile(file, program)
  const lastSeed = first + count - 1
  const findings = conclude(total, (seed) => total.seeds === count && seed >= first && seed <= lastSeed)
  if (total.seeds === count) {
    if (files.report !== undefined) {
      writeFileSync(files.report, reportPage(total, findings, { firstSeed: first, lastSeed, program }))
    }
    return
  }
  const how = file === undefined ? 'with --resume FILE it could be continued' : 'the same command goes on from here'
  say(`interrupted after ${total.seeds} of ${count} seeds; ${how}`)
  process.exitCode = 1
}

function conclude(total: PartResult, wasRun: (seed: number) => boolean): Findings {
  const judgement = judgeFailures(total, wasRun)
  const coverage = judgeCoverage(total)
  const { failed, open, mended } = judgement
  for (const line of [...reachedLines(total), ...totalLines(total)]) say(line)
  // One seed alone reaches little, and is asked for something else.
  if (total.seeds > 1 || coverage.fails) for (const line of coverageLines(coverage)) say(line)
  for (const { seed, checkers, known } of open) say(`OPEN FINDING, seed ${seed} (${checkers.join(', ')}): ${known}`)
  for (const { seed } of mended) say(`seed ${seed} holds again: take it out of open-findings.ts`)
  for (const failure of failed) for (const line of failureLines(failure)) say(line)
  if (failed.length > 0 || mended.length > 0 || coverage.fails) process.exitCode = 1
  return { judgement, coverage }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function wholeNumber(text: string, option: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UserError(`${option} takes a whole number above zero, not "${text}"`)
}
