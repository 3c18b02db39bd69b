/** A database file behind the storage worker: the only connection that writes the engine's tables, and one for records. */
import type { CommitFailureKind } from './commit.ts'
import { openWriteConnection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import type { Retention } from './record-batch.ts'
import { openRecordConnection, RecordStore } from './record-store.ts'
import { startCheckpoints } from './start-checkpoints.ts'
import { StoredFile } from './stored-file.ts'
import type { WorkerStore } from './worker-store.ts'

export function openFileWorkerStore(file: string, retention: Retention): WorkerStore {
  const connection = openWriteConnection(file)
  const stored = new StoredFile(file)
  const store = new EngineStore(connection)
  const recordConnection = openRecordConnection(file)
  const records = new RecordStore(recordConnection, retention)
  const checkpoints = startCheckpoints(file)
  return {
    commit(commit) {
      stored.mustBeInPlace()
      return store.commit(commit)
    },
    failureOf: failureOfFile,
    record: (batch) => records.write(batch),
    prune: (nowMs) => records.prune(nowMs),
    async close() {
      recordConnection.close()
      await checkpoints.stop()
      connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
      connection.close()
    },
  }
}

/** What is no error of the database is a bug of ours and fails again at every try, like a violated constraint. */
export function failureOfFile(error: unknown): CommitFailureKind {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL')) return 'disk-full'
  if (code === '' || code.startsWith('SQLITE_CONSTRAINT') || code.startsWith('SQLITE_MISMATCH')) return 'constraint'
  return 'failed'
}
