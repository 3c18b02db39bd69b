/** One minute of the soak: the load, what was answered, and how big everything is at its end. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { storageFile, type ServerName } from '../../e2e/topology/pair-configuration.ts'
import { residentMegabytesOf } from '../harness/process-cost.ts'
import type { TandemServer } from '../../e2e/topology/tandem-server.ts'
import { INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import type { Generator, Leg, LoadReport } from '../leases-per-second/load-report.ts'
import { latenessBetween, readProbe, type Lateness, type ProbeSample } from '../server-probe/probe-samples.ts'

import { debtOf, type Pair } from './debt.ts'

export const SERVERS: readonly ServerName[] = ['alpha', 'beta']

/** The load's own second, in which late answers still count, ends it. */
export const LOAD_SECONDS = 59

export interface ServerMinute {
  readonly residentMegabytes: number
  /** By thread: the least of the minute, which is what a collection left. */
  readonly heapMegabytes: Readonly<Record<string, number>>
  readonly lateness: readonly Lateness[]
  readonly databaseMegabytes: number
  readonly writeAheadLogMegabytes: number
  readonly commitLogMegabytes: number
  readonly serverLogMegabytes: number
}

export interface Minute {
  readonly minute: number
  readonly load: LoadReport
  readonly asked: number
  readonly unanswered: number
  /** Updates that alpha owed beta at the end. */
  readonly owed: number
  readonly servers: Readonly<Record<ServerName, ServerMinute>>
}

export interface Soak {
  readonly link: BenchLink
  readonly folder: string
  /** The primary and the secondary. */
  readonly pair: Pair
  readonly generator: Generator
  readonly exchangesPerSecond: number
}

export async function runMinute(soak: Soak, minute: number, clientGroup: number): Promise<Minute> {
  const { link, folder, pair, generator, exchangesPerSecond } = soak
  const startedAt = Date.now()
  const load = await generator.run(link.load, INTERFACE, {
    asked: 'addresses',
    exchangesPerSecond,
    renewalsPerSecond: exchangesPerSecond,
    seconds: LOAD_SECONDS,
    clientGroup,
  })
  const endedAt = Date.now()
  const owed = await debtOf(pair)
  const serverMinute = (name: ServerName, { program }: TandemServer): ServerMinute => {
    const samples = readProbe(probeFolder(folder, name))
    return {
      residentMegabytes: residentMegabytesOf(program.pid),
      heapMegabytes: leastHeaps(samples, startedAt, endedAt),
      lateness: latenessBetween(samples, startedAt, endedAt),
      databaseMegabytes: megabytesOf(storageFile(folder, name)),
      writeAheadLogMegabytes: megabytesOf(`${storageFile(folder, name)}-wal`),
      commitLogMegabytes: megabytesOfFolder(`${storageFile(folder, name)}-commits`),
      serverLogMegabytes: megabytesOf(join(folder, `${name}.log`)),
    }
  }
  const servers = { alpha: serverMinute('alpha', pair[0]), beta: serverMinute('beta', pair[1]) }
  return { minute, load, ...countOf(load), owed, servers }
}

export function probeFolder(folder: string, name: ServerName): string {
  return join(folder, `probe-${name}`)
}

export function countOf({ solicits, requests, renewals }: LoadReport): Pick<Minute, 'asked' | 'unanswered'> {
  const all: readonly Leg[] = renewals === undefined ? [solicits, requests] : [solicits, requests, renewals]
  const asked = all.reduce((total, { sent }) => total + sent, 0)
  return { asked, unanswered: asked - all.reduce((total, { received }) => total + received, 0) }
}

export function leastHeaps(samples: readonly ProbeSample[], fromMs: number, untilMs: number): Record<string, number> {
  const least: Record<string, number> = {}
  for (const { thread, atMs, heapMegabytes } of samples) {
    if (atMs >= fromMs && atMs <= untilMs) least[thread] = Math.min(least[thread] ?? heapMegabytes, heapMegabytes)
  }
  return least
}

function megabytesOfFolder(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder).reduce((sum, name) => sum + megabytesOf(join(folder, name)), 0)
}

/** The server removes files at any time. */
function megabytesOf(file: string): number {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / 1e6
}
