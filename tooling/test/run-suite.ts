/** Runs one suite: its output live, its whole process group ended when its time is over, its counts at the end. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { NPX_FLAGS, readPnpmVersion } from '../bootstrap/prepare.mjs'
import { lastWords, readFailedTests } from './failed-tests.ts'
import type { FailedTest } from './failed-tests.ts'
import { readResults } from './read-results.ts'
import type { Counts, Suite } from './suite.ts'

const MERCY_BEFORE_KILL_MS = 10_000

export type SuiteRun = {
  readonly counts: Counts
  readonly failedTests: readonly FailedTest[]
  readonly seconds: number
  readonly timedOut: boolean
}

export type RunContext = {
  readonly root: string
  readonly reports: string
  /** Where suites run side by side each line is named. */
  readonly named: boolean
  readonly signal: AbortSignal
}

export async function runSuite(suite: Suite, context: RunContext): Promise<SuiteRun> {
  const reportFile = join(context.reports, `${suite.name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`)
  const startedAt = Date.now()
  const { exitCode, timedOut, output } = await execute(suite, reportFile, context)
  const counts = readResults(suite.results, { exitCode, reportFile })
  const named = readFailedTests(suite.results, reportFile)
  const failedTests = named.length > 0 || counts.failed === 0 ? named : [{ name: suite.name, lines: lastWords(output) }]
  return { counts, failedTests, seconds: Math.round((Date.now() - startedAt) / 1000), timedOut }
}

type Execution = { readonly exitCode: number; readonly timedOut: boolean; readonly output: string }

/** Of a suite's output, so much is kept for the end of the run. */
const KEPT_OUTPUT = 16_384

function execute(suite: Suite, reportFile: string, context: RunContext): Promise<Execution> {
  const { program, args, env } = invocation(suite, reportFile, context.root)
  // A process group of its own, so that what the suite started can be ended with it.
  const child = spawn(program, args, {
    cwd: context.root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT)
      if (!context.named) process.stdout.write(text)
    })
    if (context.named) nameLines(stream, suite.name)
  }
  let timedOut = false
  const end = () => endGroup(child.pid)
  const limit = setTimeout(() => {
    timedOut = true
    process.stdout.write(`${suite.name}: not done after ${suite.limitMinutes} minutes, ended\n`)
    end()
  }, suite.limitMinutes * 60_000)
  context.signal.addEventListener('abort', end)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(limit)
      // Whatever the suite forgot to end would disturb the next one.
      if (child.pid !== undefined) kill(-child.pid, 'SIGKILL')
      context.signal.removeEventListener('abort', end)
      resolve({ exitCode: timedOut ? 1 : (code ?? 1), timedOut, output })
    })
  })
}

type Invocation = { readonly program: string; readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv }

/** Each kind of suite has its own way to be asked for a report. */
function invocation(suite: Suite, reportFile: string, root: string): Invocation {
  const [program, ...args] = resolveProgram(suite.command, root)
  const reporters: Record<Suite['results'], readonly string[]> = {
    'exit-code': [],
    counts: [],
    vitest: ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    playwright: ['--reporter=list,json'],
  }
  return {
    program,
    args: [...args, ...reporters[suite.results]],
    env: {
      ...process.env,
      DO_NOT_TRACK: '1',
      PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile,
      TANDEM_TEST_RESULTS: reportFile,
    },
  }
}

function resolveProgram([program, ...args]: Suite['command'], root: string): Suite['command'] {
  if (program === 'node') return [process.execPath, ...args]
  if (program === 'pnpm') return ['npx', ...NPX_FLAGS, readPnpmVersion(root), ...args]
  return [program, ...args]
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  kill(-pid, 'SIGTERM')
  setTimeout(() => kill(-pid, 'SIGKILL'), MERCY_BEFORE_KILL_MS).unref()
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself in the meantime.
  }
}

function nameLines(stream: NodeJS.ReadableStream, name: string): void {
  let rest = ''
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) process.stdout.write(`[${name}] ${line}\n`)
  })
  stream.on('end', () => {
    if (rest !== '') process.stdout.write(`[${name}] ${rest}\n`)
  })
}
