/** What the probe in a server writes down, read again. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quantileOf } from '../harness/statistics.ts'

/** One second of one thread of the server. */
export interface ProbeSample {
  /** `main` serves the API; `data-plane`, `storage` and `checkpoints` serve the clients. */
  readonly thread: string
  readonly atMs: number
  readonly lateP50Ms: number
  readonly lateP99Ms: number
  readonly lateMaxMs: number
  readonly heapMegabytes: number
  readonly externalMegabytes: number
  /** Of the whole process. */
  readonly residentMegabytes: number
}

/** The environment that loads the probe into a server; `nodeOptions` come along. */
export function probeEnvironment(folder: string, nodeOptions = ''): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true })
  const probe = join(import.meta.dirname, 'probe.ts')
  return { TANDEM_BENCH_PROBE: folder, NODE_OPTIONS: `--import=file://${probe} ${nodeOptions}`.trim() }
}

/** Of all threads, in no order. A last line that is still being written is left out. */
export function readProbe(folder: string): readonly ProbeSample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => samplesIn(readFileSync(join(folder, name), 'utf8')))
}

export function samplesIn(text: string): readonly ProbeSample[] {
  // Our own probe wrote it, in a run that has just been made.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ProbeSample)
}

export interface Lateness {
  readonly thread: string
  /** The second in the middle. */
  readonly medianP99Ms: number
  readonly longestMs: number
}

/** Between two moments; threads without a sample there are left out. */
export function latenessBetween(samples: readonly ProbeSample[], fromMs: number, untilMs: number): Lateness[] {
  const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs)
  return [...new Set(within.map(({ thread }) => thread))].toSorted().map((thread) => {
    const own = within.filter((sample) => sample.thread === thread)
    const p99 = own.map(({ lateP99Ms }) => lateP99Ms).toSorted((a, b) => a - b)
    return { thread, medianP99Ms: quantileOf(p99, 0.5), longestMs: Math.max(...own.map(({ lateMaxMs }) => lateMaxMs)) }
  })
}
