/** A program that a test started: its output in a file, its end by its own id, and never a survivor of the test. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface ProgramStart {
  readonly command: readonly string[]
  /** Both outputs, appended. */
  readonly logFile: string
  readonly environment?: Readonly<Record<string, string>>
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProgram {
  readonly pid: number
  /** Undefined while it runs. */
  exit(): Exit | undefined
  readonly exited: Promise<Exit>
  output(): string
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL for a program that does not heed it. */
  stop(limitMs?: number): Promise<Exit>
}

export function startProgram({ command, logFile, environment = {} }: ProgramStart): RunningProgram {
  const log = openSync(logFile, 'a')
  // A test run that is killed takes its programs along.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment },
  })
  closeSync(log)
  const { pid } = child
  if (pid === undefined) throw new Error(`${command.join(' ')} could not be started`)
  let exit: Exit | undefined
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal }
      resolve(exit)
    })
  })
  return {
    pid,
    exit: () => exit,
    exited,
    output: () => readFileSync(logFile, 'utf8'),
    kill: (signal) => void child.kill(signal),
    async stop(limitMs = 10_000) {
      if (exit === undefined) child.kill('SIGTERM')
      const mercy = setTimeout(() => child.kill('SIGKILL'), limitMs)
      const end = await exited
      clearTimeout(mercy)
      return end
    },
  }
}
