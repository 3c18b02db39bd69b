/** The storage worker: a thread with the only connection that writes the engine's tables; commits what its port brings. */
import { workerData, type MessagePort } from 'node:worker_threads'
import type { Commit, CommitOutcome } from './commit.ts'
import { openWorkerStore } from './open-worker-store.ts'
import type { RecordBatch, Retention } from './record-batch.ts'
import type { WorkerStore } from './worker-store.ts'

export interface StorageWorkerData {
  readonly storage: true
  readonly storageUrl: string
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

function run(store: WorkerStore, port: MessagePort): void {
  const answer = (told: StorageAnswer): void => port.postMessage(told)
  let recorded = Promise.resolve()
  /** One after the other; what explains must never stop what serves. */
  const tryToRecord = (work: () => Promise<void>): Promise<void> => {
    recorded = recorded.then(work).catch((error: unknown) => answer({ kind: 'record-failed', detail: wordsOf(error) }))
    return recorded
  }
  let pruning = setTimeout(prune, PRUNE_INTERVAL_MS)
  let isClosing = false
  function prune(): void {
    let isMore = false
    const pruned = tryToRecord(async () => {
      isMore = await store.prune(Date.now())
    })
    void pruned.then(() => {
      if (!isClosing) pruning = setTimeout(prune, isMore ? PRUNE_AGAIN_MS : PRUNE_INTERVAL_MS)
    })
  }
  port.on('message', (request: StorageRequest) => {
    switch (request.kind) {
      case 'commit':
        void tryCommit(store, request.commit).then((outcome) => answer({ kind: 'committed', outcome }))
        break
      case 'record':
        void tryToRecord(async () => store.record(request.batch))
        break
      case 'close':
        isClosing = true
        clearTimeout(pruning)
        void recorded.then(() => store.close()).then(() => port.close())
        break
    }
  })
}

async function tryCommit(store: WorkerStore, commit: Commit): Promise<CommitOutcome> {
  try {
    return { ok: true, receipt: await store.commit(commit) }
  } catch (error) {
    return { ok: false, failure: store.failureOf(error), detail: wordsOf(error) }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Absent where this file is imported and not started. */
function isStorageWorkerData(data: unknown): data is StorageWorkerData {
  return typeof data === 'object' && data !== null && 'storageUrl' in data && 'port' in data && 'storage' in data
}

if (isStorageWorkerData(workerData)) {
  const { storageUrl, port, retention } = workerData
  run(await openWorkerStore(storageUrl, retention), port)
}
