/** The data plane's end of the line to the storage worker: one commit at a time, answered when it is on disk. */
import type { MessagePort } from 'node:worker_threads'
import type { Commit, CommitOutcome, CommitStore } from './commit.ts'
import type { RecordBatch } from './record-batch.ts'
import type { StorageAnswer, StorageRequest } from './storage-worker.ts'

export class StoragePort implements CommitStore {
  readonly #port: MessagePort
  #waiting: ((outcome: CommitOutcome) => void) | undefined

  /** `recordFailed`: history or decisions could not be written; service goes on without them. */
  constructor(port: MessagePort, recordFailed: (detail: string) => void = () => undefined) {
    this.#port = port
    port.on('message', (answer: StorageAnswer) => {
      if (answer.kind === 'record-failed') {
        recordFailed(answer.detail)
        return
      }
      const settle = this.#waiting
      this.#waiting = undefined
      settle?.(answer.outcome)
    })
  }

  /** What explains: written beside the commits, when none is under way. */
  record(batch: RecordBatch): void {
    this.#send({ kind: 'record', batch })
  }

  commit(commit: Commit): Promise<CommitOutcome> {
    if (this.#waiting !== undefined) throw new Error('a commit was asked for while another one runs')
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#send({ kind: 'commit', commit })
    })
  }

  /** Settles when the storage worker has folded the log into the database and closed it. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#port.once('close', resolve)
      this.#send({ kind: 'close' })
    })
  }

  #send(request: StorageRequest): void {
    this.#port.postMessage(request)
  }
}
