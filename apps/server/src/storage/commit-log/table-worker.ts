/** The thread that writes the engine's tables, history and decisions: it follows the commit log, and no client waits for it. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { giveWay } from '../../engine/give-way.ts'
import { openWriteConnection } from '../connection.ts'
import { failureOfFile } from '../failure-of-file.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import { readFact } from '../node-facts.ts'
import type { RecordBatch, Retention } from '../record-batch.ts'
import { openRecordConnection, RecordStore } from '../record-store.ts'
import { commitFromText } from './commit-text.ts'
import { TableFollower } from './follow-tables.ts'
import { startFollowing } from './following.ts'
import { commitLogFolder } from './log-folder.ts'
import { CommitLogReader } from './log-reader.ts'
import { SharedProgress } from './shared-progress.ts'

export interface TableWorkerData {
  readonly tablesOf: string
  readonly progress: SharedArrayBuffer
  readonly retention: Retention
}

export type TableRequest =
  /** Answered once all commits that are logged are in the tables. */
  | { readonly kind: 'settle'; readonly id: number }
  /** Answered once what operators read of this commit is in the tables. */
  | { readonly kind: 'tell'; readonly id: number; readonly text: string }
  | { readonly kind: 'record'; readonly id: number; readonly batch: RecordBatch }
  | { readonly kind: 'prune'; readonly id: number; readonly nowMs: number }
  /** Somebody waits for the tables; answered by their progress. */
  | { readonly kind: 'hasten' }
  | { readonly kind: 'close' }

export type TableAnswer =
  | { readonly kind: 'done'; readonly id: number; readonly isMore: boolean }
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly detail: string
      readonly failure: ReturnType<typeof failureOfFile>
    }
  /** By itself: the tables do not follow, and it is tried again; undefined: they do again. */
  | { readonly kind: 'behind'; readonly detail: string | undefined }

const WAL_AUTOCHECKPOINT_PAGES = 4000

function run({ tablesOf, progress: memory, retention }: TableWorkerData, port: MessagePort): void {
  giveWay()
  const connection = openWriteConnection(tablesOf)
  // Nobody waits for this thread, so it may fold the log of the database into it in small pieces.
  connection.exec(`PRAGMA wal_autocheckpoint = ${WAL_AUTOCHECKPOINT_PAGES}`)
  /** When it is first asked for: a history that cannot be opened is no reason not to follow. */
  let records: RecordStore | undefined
  const recordStore = (): RecordStore => (records ??= new RecordStore(openRecordConnection(tablesOf), retention))
  const progress = new SharedProgress(memory)
  const serverDuid = readFact(connection, NodeFactKey.serverDuid) ?? ''
  const reader = new CommitLogReader(commitLogFolder(tablesOf), serverDuid, progress.followed)
  const follower = new TableFollower(connection, reader)
  const answer = (told: TableAnswer): void => port.postMessage(told)

  const following = startFollowing(follower, progress, (error) =>
    answer({ kind: 'behind', detail: error === undefined ? undefined : wordsOf(error) }),
  )

  async function carryOut(request: Exclude<TableRequest, { kind: 'close' | 'hasten' }>): Promise<boolean> {
    switch (request.kind) {
      case 'settle':
        await following.settle()
        return false
      case 'tell':
        follower.tell(commitFromText(request.text))
        return false
      case 'record':
        recordStore().write(request.batch)
        return false
      case 'prune':
        return recordStore().prune(request.nowMs)
    }
  }

  port.on('message', (request: TableRequest) => {
    if (request.kind === 'hasten') {
      following.hasten()
      return
    }
    if (request.kind === 'close') {
      following.stop()
      reader.close()
      records?.close()
      connection.close()
      port.close()
      return
    }
    const { id } = request
    carryOut(request).then(
      (isMore) => answer({ kind: 'done', id, isMore }),
      (error: unknown) => answer({ kind: 'failed', id, detail: wordsOf(error), failure: failureOfFile(error) }),
    )
  })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const data: unknown = workerData
if (parentPort !== null && isTableWorkerData(data)) run(data, parentPort)

function isTableWorkerData(value: unknown): value is TableWorkerData {
  return typeof value === 'object' && value !== null && 'tablesOf' in value
}
