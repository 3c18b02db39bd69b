/** The storage worker's end of the line to the thread that writes the tables. */
import { Worker } from 'node:worker_threads'
import type { CommitFailureKind } from '../commit.ts'
import type { RecordBatch, Retention } from '../record-batch.ts'
import type { SharedProgress } from './shared-progress.ts'
import type { TableAnswer, TableRequest, TableWorkerData } from './table-worker.ts'

/** From source under type stripping, or compiled. */
const IS_SOURCE = import.meta.url.endsWith('.ts')
const ENTRY = IS_SOURCE ? './table-worker.ts' : './table-worker.js'
const NODE_OPTIONS = IS_SOURCE ? { execArgv: ['--conditions=source'] } : {}

/** What the database said to the thread that asked it. */
export class TableFailure extends Error {
  override readonly name = 'TableFailure'
  readonly failure: CommitFailureKind

  constructor(detail: string, failure: CommitFailureKind) {
    super(detail)
    this.failure = failure
  }
}

export interface TableWorker {
  /** Settles once all that is logged is in the tables. */
  settle(): Promise<void>
  /** Somebody waits for the tables. */
  hasten(): void
  /** Settles once what operators read of this commit is in the tables. */
  tell(text: string): Promise<void>
  record(batch: RecordBatch): Promise<void>
  /** True: there is more to remove, and it should be called again soon. */
  prune(nowMs: number): Promise<boolean>
  close(): Promise<void>
}

interface Waiting {
  resolve(isMore: boolean): void
  reject(error: Error): void
}

/** `behind`: why the tables do not follow at the moment; undefined: they do again. */
export function startTableWorker(
  file: string,
  progress: SharedProgress,
  retention: Retention,
  behind: (detail: string | undefined) => void,
): TableWorker {
  const workerData: TableWorkerData = { tablesOf: file, progress: progress.memory, retention }
  const worker = new Worker(new URL(ENTRY, import.meta.url), { ...NODE_OPTIONS, workerData })
  worker.unref()
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: Error | undefined
  const end = (error: Error): void => {
    ended ??= error
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }
  worker.on('error', (error: unknown) => {
    const reason = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
    behind(`the thread that writes the tables ended: ${String(reason)}`)
    end(new TableFailure(`the thread that writes the tables ended: ${String(reason)}`, 'constraint'))
  })
  worker.on('message', (answer: TableAnswer) => {
    if (answer.kind === 'behind') {
      behind(answer.detail)
      return
    }
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.kind === 'done') one?.resolve(answer.isMore)
    else one?.reject(new TableFailure(answer.detail, answer.failure))
  })
  const ask = (request: (id: number) => TableRequest): Promise<boolean> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(ended)
        return
      }
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.postMessage(request(lastId))
    })
  return {
    settle: async () => void (await ask((id) => ({ kind: 'settle', id }))),
    hasten() {
      const request: TableRequest = { kind: 'hasten' }
      worker.postMessage(request)
    },
    tell: async (text) => void (await ask((id) => ({ kind: 'tell', id, text }))),
    record: async (batch) => void (await ask((id) => ({ kind: 'record', id, batch }))),
    prune: (nowMs) => ask((id) => ({ kind: 'prune', id, nowMs })),
    async close() {
      if (ended !== undefined) return
      const gone = new Promise((resolve) => worker.once('exit', resolve))
      const request: TableRequest = { kind: 'close' }
      worker.postMessage(request)
      await gone
    },
  }
}
