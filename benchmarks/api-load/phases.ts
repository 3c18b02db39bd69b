/** One phase: the clients' load at its fixed rate, with consoles beside it or without, and what both saw. */
import { join } from 'node:path'
import type { RunningProgram } from '../../e2e/topology/program.ts'
import { startProgram } from '../../e2e/topology/program.ts'
import type { TandemServer } from '../../e2e/topology/tandem-server.ts'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { cpuSecondsOf, residentMegabytesOf } from '../harness/process-cost.ts'
import { INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import type { Generator, LoadReport } from '../leases-per-second/load-report.ts'
import { settleTandemPair } from '../leases-per-second/tandem-pair.ts'
import { latenessBetween, readProbe, type Lateness } from '../server-probe/probe-samples.ts'
import type { ConsoleClientsPlan } from './console-clients.ts'
import { summaryOf, type ConsoleFigures, type ConsoleSummary } from './console-figures.ts'

export type PhaseName = 'without' | 'with'

export interface Phase {
  readonly name: PhaseName
  readonly repeat: number
  readonly load: LoadReport
  /** Of the server that is asked. */
  readonly lateness: readonly Lateness[]
  readonly cpuPart: number
  readonly residentMegabytes: number
  /** Undefined: there were none. */
  readonly console: ConsoleSummary | undefined
}

export interface Stage {
  readonly link: BenchLink
  readonly folder: string
  /** The first is the one that is asked; a second one is its partner. */
  readonly servers: readonly [TandemServer] | readonly [TandemServer, TandemServer]
  readonly probeFolder: string
  readonly generator: Generator
  readonly exchangesPerSecond: number
  readonly seconds: number
  readonly consoles: Omit<ConsoleClientsPlan, 'url' | 'token'>
}

const CONNECT_LIMIT_MS = 60_000
/** Consoles run on other machines: here they give way to what is measured. */
const CONSOLE_NICENESS = 10

export async function runPhase(stage: Stage, name: PhaseName, repeat: number, clientGroup: number): Promise<Phase> {
  const { link, generator, exchangesPerSecond, seconds, servers, probeFolder } = stage
  const consoles = name === 'with' ? await startConsoles(stage, `${repeat}`) : undefined
  const { pid } = servers[0].program
  const cpuBefore = cpuSecondsOf(pid)
  const startedAt = Date.now()
  const load = await generator.run(link.load, INTERFACE, {
    asked: 'addresses',
    exchangesPerSecond,
    renewalsPerSecond: exchangesPerSecond,
    seconds,
    clientGroup,
  })
  const endedAt = Date.now()
  const cpuPart = (cpuSecondsOf(pid) - cpuBefore) / ((endedAt - startedAt) / 1000)
  const console = consoles === undefined ? undefined : summaryOf(await stopConsoles(consoles))
  const dead = servers.find(({ program }) => program.exit() !== undefined)
  if (dead !== undefined) throw new Error(`a server died under load:\n${dead.program.output().slice(-2000)}`)
  if (servers.length === 2) await settleTandemPair(servers)
  return {
    name,
    repeat,
    load,
    lateness: latenessBetween(readProbe(probeFolder), startedAt, endedAt),
    cpuPart,
    residentMegabytes: Math.round(residentMegabytesOf(pid)),
    console,
  }
}

async function startConsoles({ link, folder, servers, consoles }: Stage, name: string): Promise<RunningProgram> {
  const [{ ready, token }] = servers
  const plan: ConsoleClientsPlan = { ...consoles, url: ready.api, token }
  const clients = join(import.meta.dirname, 'console-clients.ts')
  const node = [process.execPath, '--conditions=source', clients]
  const program = startProgram({
    command: ['nice', '-n', String(CONSOLE_NICENESS), ...link.one.inside(...node)],
    logFile: join(folder, `consoles-${name}.log`),
    environment: { TANDEM_BENCH_PLAN: JSON.stringify(plan) },
  })
  await waitUntil('all consoles follow', CONNECT_LIMIT_MS, () => {
    if (program.exit() !== undefined) throw new Error(`the consoles have ended:\n${program.output().slice(-2000)}`)
    return program.output().includes('connected\n')
  })
  return program
}

async function stopConsoles(program: RunningProgram): Promise<ConsoleFigures> {
  const { code } = await program.stop()
  const line = program.output().trimEnd().split('\n').at(-1) ?? ''
  if (code !== 0 || !line.startsWith('{')) throw new Error(`the consoles failed:\n${program.output().slice(-2000)}`)
  // Our own program wrote it.
  return JSON.parse(line) as ConsoleFigures
}
