/**
 * Loaded into the server under test (`--import`, in each of its threads): writes once a second how late the thread's event
 * loop was and how big its heap is, and collects garbage when it is asked to. The server itself knows nothing of it.
 */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread, threadId, workerData } from 'node:worker_threads'
import { collectionsWanted, type LiveHeap } from './live-heaps.ts'
import type { ProbeSample } from './probe-samples.ts'

const folder = process.env['TANDEM_BENCH_PROBE']
const INTERVAL_MS = 1000
/** What the histogram measures when nothing is late. */
const RESOLUTION_MS = 10

function threadName(): string {
  if (isMainThread) return 'main'
  const data: unknown = workerData
  const has = (key: string): boolean => typeof data === 'object' && data !== null && key in data
  if (has('dataPlane')) return 'data-plane'
  if (has('storage')) return 'storage'
  if (has('checkpointsOf')) return 'checkpoints'
  return `thread-${threadId}`
}

/** A full collection: what is left is alive. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  // A context that is made after the flag has it; nothing declares what it is.
  const gc = runInNewContext('gc') as () => void
  gc()
}

function probe(into: string): void {
  const thread = threadName()
  const file = join(into, `${thread}.jsonl`)
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const lateMs = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e4) / 100 - RESOLUTION_MS)
  const liveFile = join(into, `${thread}.live`)
  let collections = 0
  delays.enable()
  setInterval(() => {
    const { heapUsed, external, rss } = process.memoryUsage()
    const sample: ProbeSample = {
      thread,
      atMs: Date.now(),
      lateP50Ms: lateMs(delays.percentile(50)),
      lateP99Ms: lateMs(delays.percentile(99)),
      lateMaxMs: lateMs(delays.max),
      heapMegabytes: heapUsed / 1e6,
      externalMegabytes: external / 1e6,
      residentMegabytes: rss / 1e6,
    }
    delays.reset()
    appendFileSync(file, `${JSON.stringify(sample)}\n`)
    const wanted = collectionsWanted(into)
    if (wanted > collections) {
      collections = wanted
      collect()
      const live: LiveHeap = { thread, collection: wanted, liveMegabytes: process.memoryUsage().heapUsed / 1e6 }
      appendFileSync(liveFile, `${JSON.stringify(live)}\n`)
    }
  }, INTERVAL_MS).unref()
}

if (folder !== undefined) probe(folder)
