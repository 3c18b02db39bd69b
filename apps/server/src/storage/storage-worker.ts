/** The storage worker: the thread that makes commits durable as its port brings them. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { CommitText } from './commit-log/commit-text.ts'
import { SharedProgress } from './commit-log/shared-progress.ts'
import type { Commit, CommitOutcome, CommitReceipt } from './commit.ts'
import { openWorkerStore } from './open-worker-store.ts'
import type { RecordBatch, Retention } from './record-batch.ts'
import type { WorkerStore } from './worker-store.ts'

export interface StorageWorkerData {
  readonly storage: true
  readonly storageUrl: string
  /** The other end is the data plane's (storage/storage-port.ts). */
  readonly port: MessagePort
  readonly retention: Retention
  /** Of a `SharedProgress`; where nobody else looks at it, absent. */
  readonly progress?: SharedArrayBuffer
}

export type StorageRequest =
  | { readonly kind: 'commit'; readonly commit: Commit }
  /** For a database file, instead of `commit`. */
  | { readonly kind: 'append'; readonly commit: CommitText }
  /** Beside the commits, and answered only when it failed. */
  | { readonly kind: 'record'; readonly batch: RecordBatch }
  /** Nothing comes after it; answered by the port being closed. */
  | { readonly kind: 'close' }

export type StorageAnswer =
  | { readonly kind: 'committed'; readonly outcome: CommitOutcome }
  | { readonly kind: 'record-failed'; readonly detail: string }
  /** By itself: why lists of leases show what was a while ago; undefined: they are up to date again. */
  | { readonly kind: 'tables-behind'; readonly detail: string | undefined }

const PRUNE_INTERVAL_MS = 60_000
/** While there is more to remove than one piece. */
const PRUNE_AGAIN_MS = 100

function run(store: WorkerStore, port: MessagePort): void {
  const answer = (told: StorageAnswer): void => port.postMessage(told)
  const committed = (outcome: CommitOutcome): void => answer({ kind: 'committed', outcome })
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
        void tryCommit(store, async () => store.commit(request.commit)).then(committed)
        break
      case 'append':
        void tryCommit(store, async () => appended(store, request.commit)).then(committed)
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

function appended(store: WorkerStore, commit: CommitText): Promise<CommitReceipt> {
  if (store.append === undefined) throw new Error('this storage takes no text')
  return store.append(commit)
}

async function tryCommit(store: WorkerStore, commit: () => Promise<CommitReceipt>): Promise<CommitOutcome> {
  try {
    return { ok: true, receipt: await commit() }
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
  const { storageUrl, port, retention, progress } = workerData
  const behind = (detail: string | undefined): void => {
    const answer: StorageAnswer = { kind: 'tables-behind', detail }
    port.postMessage(answer)
  }
  const store = await openWorkerStore(storageUrl, retention, { behind, progress: new SharedProgress(progress) })
  run(store, port)
  // The main thread says so when somebody waits for a list; that is no reason to stay.
  parentPort?.on('message', () => store.hasten?.()).unref()
}
