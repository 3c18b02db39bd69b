/** The storage worker: a thread with the only connection that writes the engine's tables; commits what its port brings. */
import { workerData, type MessagePort } from 'node:worker_threads'
import type { Commit, CommitFailureKind, CommitOutcome } from './commit.ts'
import { openWriteConnection, type Connection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import { startCheckpoints } from './start-checkpoints.ts'
import { StoredFile } from './stored-file.ts'

export interface StorageWorkerData {
  readonly storage: true
  readonly file: string
  /** The other end is the data plane's (storage/storage-port.ts). */
  readonly port: MessagePort
}

export type StorageRequest =
  | { readonly kind: 'commit'; readonly commit: Commit }
  /** Nothing comes after it; answered by the port being closed. */
  | { readonly kind: 'close' }

function run({ file, port }: StorageWorkerData): void {
  const connection = openWriteConnection(file)
  const stored = new StoredFile(file)
  const store = new EngineStore(connection)
  const checkpoints = startCheckpoints(file)
  port.on('message', (request: StorageRequest) => {
    switch (request.kind) {
      case 'commit':
        port.postMessage(tryCommit(stored, store, request.commit))
        break
      case 'close':
        void checkpoints.stop().then(() => close(connection, port))
        break
    }
  })
}

function tryCommit(stored: StoredFile, store: EngineStore, commit: Commit): CommitOutcome {
  try {
    stored.mustBeInPlace()
    return { ok: true, receipt: store.commit(commit) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { ok: false, failure: failureOf(error), detail }
  }
}

/** What is no error of the database is a bug of ours and fails again at every try, like a violated constraint. */
export function failureOf(error: unknown): CommitFailureKind {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL')) return 'disk-full'
  if (code === '' || code.startsWith('SQLITE_CONSTRAINT') || code.startsWith('SQLITE_MISMATCH')) return 'constraint'
  return 'failed'
}

function close(connection: Connection, port: MessagePort): void {
  connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  connection.close()
  port.close()
}

/** Absent in a test that imports this file for its functions. */
function isStorageWorkerData(data: unknown): data is StorageWorkerData {
  return typeof data === 'object' && data !== null && 'file' in data && 'port' in data && 'storage' in data
}

if (isStorageWorkerData(workerData)) run(workerData)
