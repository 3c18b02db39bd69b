/** A thread that runs seeds: a stretch of them in, what came of it out. */
import { parentPort } from 'node:worker_threads'
import { runPart } from '@tandem/simulator'
import type { Stretch } from './run-stretches.ts'

parentPort?.on('message', ({ first, count }: Stretch) => {
  parentPort?.postMessage(runPart(first, count))
})
