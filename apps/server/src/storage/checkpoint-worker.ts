/** A thread that now and then copies the write-ahead log into the database file, beside the commits and never in their way. */
import { parentPort, workerData } from 'node:worker_threads'
import { openWriteConnection } from './connection.ts'

const CHECKPOINT_INTERVAL_MS = 10_000

function run(file: string): void {
  const connection = openWriteConnection(file)
  const timer = setInterval(() => {
    // Passive: takes what no reader and no writer needs, waits for nobody.
    connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').all()
  }, CHECKPOINT_INTERVAL_MS)
  parentPort?.once('message', () => {
    clearInterval(timer)
    connection.close()
  })
}

const data: unknown = workerData
if (typeof data === 'object' && data !== null && 'checkpointsOf' in data) run(String(data.checkpointsOf))
