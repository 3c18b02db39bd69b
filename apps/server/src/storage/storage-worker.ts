/** The storage worker: a thread with the only connection that writes the engine's tables; commits what its port brings. */
import { workerData, type MessagePort } from 'node:worker_threads'
import type { Commit, CommitFailureKind, CommitOutcome } from './commit.ts'
import { openWriteConnection, type Connection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import type { RecordBatch, Retention } from './record-batch.ts'
import { openRecordConnection, RecordStore } from './record-store.ts'
import { startCheckpoints } from './start-checkpoints.ts'
import { StoredFile } from './stored-file.ts'

export interface StorageWorkerData {
  readonly storage: true
  readonly file: string
  /** The other end is the data plane's (storage/storage-port.ts). */
  readonly port: MessagePort
  readonly retention: Retention
}

export type StorageRequest =
  | { readonly kind: 'commit'; readonly commit: Commit }
  /** Beside the commits, and answered only when it failed. */
  | { readonly kind: 'record'; readonly batch: RecordBatch }
  /** Nothing comes after it; answered by the port being closed. */
  | { readonly kind: 'close' }

export type StorageAnswer =
  | { readonly kind: 'committed'; readonly outcome: CommitOutcome }
  | { readonly kind: 'record-failed'; readonly detail: string }

const PRUNE_INTERVAL_MS = 60_000
/** While there is more to remove than one piece. */
const PRUNE_AGAIN_MS = 200

function run({ file, port, retention }: StorageWorkerData): void {
  const connection = openWriteConnection(file)
  const stored = new StoredFile(file)
  const store = new EngineStore(connection)
  const recordConnection = openRecordConnection(file)
  const records = new RecordStore(recordConnection, retention)
  const checkpoints = startCheckpoints(file)
  const answer = (told: StorageAnswer): void => port.postMessage(told)
  /** What explains must never stop what serves. */
  const tryToRecord = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      answer({ kind: 'record-failed', detail: error instanceof Error ? error.message : String(error) })
    }
  }
  let pruning = setTimeout(prune, PRUNE_INTERVAL_MS)
  function prune(): void {
    let isMore = false
    tryToRecord(() => {
      isMore = records.prune(Date.now())
    })
    pruning = setTimeout(prune, isMore ? PRUNE_AGAIN_MS : PRUNE_INTERVAL_MS)
  }
  port.on('message', (request: StorageRequest) => {
    switch (request.kind) {
      case 'commit':
        answer({ kind: 'committed', outcome: tryCommit(stored, store, request.commit) })
        break
      case 'record':
        tryToRecord(() => records.write(request.batch))
        break
      case 'close':
        clearTimeout(pruning)
        recordConnection.close()
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
