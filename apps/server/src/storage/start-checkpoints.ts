/** Starts the thread that folds the write-ahead log into the database, so that commits seldom have to (baseline D). */
import { Worker } from 'node:worker_threads'

const ENTRY = import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js'

export function startCheckpoints(file: string): { stop(): Promise<void> } {
  const worker = new Worker(new URL(ENTRY, import.meta.url), { workerData: { checkpointsOf: file } })
  worker.unref()
  // Without it the storage worker folds the log by itself, only later and in larger pieces.
  worker.on('error', (error: Error) => process.emitWarning(`checkpoints stopped: ${error.message}`))
  return {
    async stop() {
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      worker.postMessage('stop')
      await ended
    },
  }
}
