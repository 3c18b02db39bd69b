/** The machine that the figures belong to, and how much of it there was: a busy loop on one processor and on two. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { stolenSeconds } from './process-cost.ts'

export interface MachineDescription {
  readonly processor: string
  readonly processors: number
  readonly memoryGigabytes: number
  readonly kernel: string
  readonly system: string
  readonly node: string
  /** Undefined: not installed. */
  readonly kea: string | undefined
}

export interface Calibration {
  /** Million turns of an empty loop in a second, for each of the busy threads. */
  readonly oneThread: readonly number[]
  readonly twoThreads: readonly number[]
  readonly stolenSeconds: number
  /** Programs that wanted a processor in the minute before, on average. */
  readonly loadAverage: number
}

export function describeMachine(): MachineDescription {
  const system = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    system,
    node: process.versions.node,
    kea: keaVersion(),
  }
}

function keaVersion(): string | undefined {
  const { stdout, status } = spawnSync('kea-dhcp6', ['-v'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

const BUSY = `
const { parentPort } = require('node:worker_threads')
const endsAt = performance.now() + 1000
let turns = 0
while (performance.now() < endsAt) for (let i = 0; i < 2000; i += 1) turns += 1
parentPort.postMessage(turns / 1e6)
`

export async function calibrate(): Promise<Calibration> {
  const stolenBefore = stolenSeconds()
  const [loadAverage = 0] = loadavg()
  const oneThread = [await busySecond()]
  const twoThreads = await Promise.all([busySecond(), busySecond()])
  return {
    oneThread,
    twoThreads,
    stolenSeconds: round(stolenSeconds() - stolenBefore),
    loadAverage: round(loadAverage),
  }
}

/** Two threads on a machine of one's own do nearly as much each as one does alone. */
const FREE_MACHINE = 0.7

export function hadOtherWork({ oneThread, twoThreads }: Calibration): boolean {
  return Math.min(...twoThreads) < FREE_MACHINE * Math.max(...oneThread)
}

function busySecond(): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(BUSY, { eval: true })
    worker.once('message', (turns: number) => resolve(round(turns)))
    worker.once('error', reject)
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
