/** The demo as its user starts it: `bin/tandem demo` in a folder and on ports of its own, and what can be read beside it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exit, RunningProgram } from '../topology/program.ts'
import { startProgram } from '../topology/program.ts'
import { waitUntil } from '../topology/wait-until.ts'

const TANDEM = fileURLToPath(new URL('../../bin/tandem', import.meta.url))
const READY_WITHIN_MS = 60_000
const PORT_OFFSETS = { from: 2000, to: 20_000, tries: 4 }

export type ServerName = 'alpha' | 'beta'

/** `traffic.json`, as the simulated clients know it; no server wrote this. */
export interface TrafficStatus {
  readonly atMs: number
  readonly doubled: readonly unknown[]
  readonly lost: readonly unknown[]
  readonly clients: readonly TrafficClient[]
}

export interface TrafficClient {
  readonly name: string
  readonly duid: string
  readonly state: string
  /** DUID of the server that answered last. */
  readonly server?: string
  readonly leases: readonly { readonly lease: string; readonly kind: 'address' | 'prefix'; readonly untilMs: number }[]
}

export interface DemoCluster {
  readonly folder: string
  readonly user: string
  readonly password: string
  readonly consoles: Readonly<Record<ServerName, string>>
  /** Process ids as the demo printed them. */
  readonly pids: Readonly<Record<ServerName, number>>
  traffic(): TrafficStatus
  /** What the demo says that its user types in another terminal. */
  startServer(name: ServerName): Promise<RunningProgram>
  /** Ctrl-C in its terminal: the signal goes to every process of the group. */
  interrupt(): Promise<Exit>
  /** Command lines of processes that have to do with this demo. */
  processesLeft(): readonly string[]
  /** After everything, whatever happened; the folder stays after a failure and is named. */
  remove(failed: boolean): Promise<void>
}

export async function startDemo(clients: number): Promise<DemoCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-console-'))
  for (let attempt = 1; ; attempt += 1) {
    const offset = PORT_OFFSETS.from + Math.floor(Math.random() * (PORT_OFFSETS.to - PORT_OFFSETS.from))
    const demo = startProgram({
      // A group of its own, as in a terminal.
      command: ['setsid', TANDEM, 'demo', '--folder', folder, '--port-offset', `${offset}`, '--clients', `${clients}`],
      logFile: join(folder, 'demo.log'),
    })
    const introduced = await waitUntil(
      'the demo says how to try it',
      READY_WITHIN_MS,
      () => demo.exit() !== undefined || introduction(demo.output()),
    )
    if (introduced !== true) return makeCluster(folder, demo, introduced)
    if (attempt >= PORT_OFFSETS.tries) throw new Error(`the demo does not start:\n${demo.output()}`)
  }
}

type Introduction = Pick<DemoCluster, 'user' | 'password' | 'consoles' | 'pids'>

function introduction(output: string): Introduction | undefined {
  const found = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? ''
  const user = found(/User (\S+), password/u)
  if (!output.includes('Ctrl-C stops everything')) return undefined
  return {
    user,
    password: found(/password (\S+) /u),
    consoles: {
      alpha: found(/Console of alpha .*?(http:\S+)/u),
      beta: found(/Console of beta .*?(http:\S+)/u),
    },
    pids: { alpha: Number(found(/kill -9 (\d+)/u)), beta: Number(found(/beta is process (\d+)/u)) },
  }
}

function makeCluster(folder: string, demo: RunningProgram, introduced: Introduction): DemoCluster {
  const started: RunningProgram[] = []
  return {
    ...introduced,
    folder,
    // The demo wrote this file; its shape is declared above.
    traffic: () => JSON.parse(readFileSync(join(folder, 'traffic.json'), 'utf8')) as TrafficStatus,
    async startServer(name) {
      const server = startProgram({
        command: [TANDEM, 'serve', '--config', join(folder, `${name}.yaml`)],
        logFile: join(folder, `${name}-again.log`),
      })
      started.push(server)
      await waitUntil(`${name} is ready again`, READY_WITHIN_MS, () => /^ready /mu.test(server.output()))
      return server
    },
    async interrupt() {
      process.kill(-demo.pid, 'SIGINT')
      return demo.exited
    },
    processesLeft: () => commandLinesWith(folder),
    async remove(failed) {
      await Promise.all([demo.stop(20_000), ...started.map((server) => server.stop())])
      if (failed) console.log(`Logs of the demo: ${folder}`)
      else rmSync(folder, { recursive: true, force: true })
    },
  }
}

function commandLinesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(commandLine)
    .filter((line) => line.includes(text))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
