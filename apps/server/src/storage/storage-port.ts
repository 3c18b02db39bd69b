/** The data plane's end of the line to the storage worker: one commit at a time, answered when it is on disk. */
import type { MessagePort } from 'node:worker_threads'
import { commitToText } from './commit-log/commit-text.ts'
import type { Commit, CommitOutcome, CommitStore } from './commit.ts'
import type { RecordBatch } from './record-batch.ts'
import type { StorageAnswer, StorageRequest } from './storage-worker.ts'

export interface StoragePortOptions {
  /** A database file: its commit log holds text, which costs less on its way between threads than objects do. */
  readonly takesText: boolean
  /** History or decisions could not be written; service goes on without them. */
  recordFailed?(detail: string): void
  /** Why the tables do not follow the commits; undefined: they do again. */
  tablesBehind?(detail: string | undefined): void
}

export class StoragePort implements CommitStore {
  readonly #port: MessagePort
  readonly #takesText: boolean
  #waiting: ((outcome: CommitOutcome) => void) | undefined

  constructor(port: MessagePort, options: StoragePortOptions) {
    this.#port = port
    this.#takesText = options.takesText
    port.on('message', (answer: StorageAnswer) => {
      switch (answer.kind) {
        case 'record-failed':
          options.recordFailed?.(answer.detail)
          break
        case 'tables-behind':
          options.tablesBehind?.(answer.detail)
          break
        case 'committed':
          this.#settle(answer.outcome)
          break
      }
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
      if (this.#takesText) this.#append(commit)
      else this.#send({ kind: 'commit', commit })
    })
  }

  #append(commit: Commit): void {
    try {
      this.#send({ kind: 'append', commit: commitToText(commit) })
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      this.#settle({ ok: false, failure: 'constraint', detail })
    }
  }

  #settle(outcome: CommitOutcome): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(outcome)
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
