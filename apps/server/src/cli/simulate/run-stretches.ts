/** Spreads stretches of seeds over threads, and hands each result over as it comes. */
import { Worker } from 'node:worker_threads'
import type { PartResult } from '@tandem/simulator'

export interface Stretch {
  readonly first: number
  readonly count: number
}

/** What is left of the wanted seeds, cut into stretches of at most `length`; `finished` in order and without overlaps. */
export function stretchesLeft(wanted: Stretch, finished: readonly Stretch[], length: number): readonly Stretch[] {
  const left: Stretch[] = []
  const end = wanted.first + wanted.count
  let next = wanted.first
  for (const wall of [...finished, { first: end, count: 0 }]) {
    for (; next < wall.first; next += length) left.push({ first: next, count: Math.min(length, wall.first - next) })
    next = wall.first + wall.count
  }
  return left
}

/** From source under type stripping, or compiled. */
const IS_SOURCE = import.meta.url.endsWith('.ts')
const NODE_OPTIONS = IS_SOURCE ? { execArgv: ['--conditions=source'] } : {}
const SEED_WORKER = new URL(IS_SOURCE ? './seed-worker.ts' : './seed-worker.js', import.meta.url)

export interface StretchRun {
  readonly stretches: readonly Stretch[]
  readonly threads: number
  readonly done: (stretch: Stretch, result: PartResult) => void
  /** Stretches that were begun then are lost; those that were handed over are not. */
  readonly signal: AbortSignal
}

/** Settles when all are done, or when the signal came; rejects when a thread failed. */
export async function runStretches({ stretches, threads, done, signal }: StretchRun): Promise<void> {
  const waiting = [...stretches]
  const workers = Array.from({ length: Math.min(threads, waiting.length) }, () => new Worker(SEED_WORKER, NODE_OPTIONS))
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const result = await runOn(worker, next, signal)
          if (result === undefined) return
          done(next, result)
        }
      }),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Undefined: the signal came. */
function runOn(worker: Worker, stretch: Stretch, signal: AbortSignal): Promise<PartResult | undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined)
    signal.addEventListener('abort', abort, { once: true })
    worker.once('error', reject)
    worker.once('message', (result: PartResult) => {
      signal.removeEventListener('abort', abort)
      worker.off('error', reject)
      resolve(result)
    })
    worker.postMessage(stretch)
  })
}
