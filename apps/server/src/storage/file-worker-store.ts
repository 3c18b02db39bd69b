/** A database file behind the storage worker: commits are durable in the commit log, and the tables follow it (decision 0087). */
import { catchUp, closeCommitLog, openCommitLog } from './commit-log/catch-up.ts'
import { commitToText, type CommitText } from './commit-log/commit-text.ts'
import { CommitLogWriter } from './commit-log/log-writer.ts'
import { SharedProgress } from './commit-log/shared-progress.ts'
import { startTableWorker, TableFailure } from './commit-log/start-table-worker.ts'
import type { Commit, CommitReceipt } from './commit.ts'
import { openWriteConnection } from './connection.ts'
import { failureOfFile } from './failure-of-file.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { readFact, readNumberFact } from './node-facts.ts'
import type { Retention } from './record-batch.ts'
import { StoredFile } from './stored-file.ts'
import type { WorkerStore } from './worker-store.ts'

/** A million commits of one lease, or some: so far the tables may fall behind before commits have to wait for them. */
const BEHIND_OCTETS_MAX = 1024 * 1024 * 1024

export interface FileWorkerStoreOptions {
  /** Why the tables do not follow at the moment; undefined: they do again. */
  readonly behind?: (detail: string | undefined) => void
  readonly behindOctetsMax?: number
  /** Of whoever wants to know how far the tables are. */
  readonly progress?: SharedProgress
  readonly segmentOctets?: number
}

export function openFileWorkerStore(
  file: string,
  retention: Retention,
  {
    behind = () => undefined,
    behindOctetsMax = BEHIND_OCTETS_MAX,
    segmentOctets,
    progress = new SharedProgress(),
  }: FileWorkerStoreOptions = {},
): FileWorkerStore {
  const { folder, serverDuid, lastNumber, runningUntilMs } = prepare(file)
  progress.hasLogged(lastNumber, 0)
  progress.hasFollowed(lastNumber, 0)
  const tables = startTableWorker(file, progress, retention, behind)
  return new FileWorkerStore({
    file,
    stored: new StoredFile(file),
    log: new CommitLogWriter(folder, serverDuid, lastNumber, segmentOctets),
    progress,
    tables,
    behindOctetsMax,
    runningUntilMs,
  })
}

function prepare(file: string): {
  readonly folder: string
  readonly serverDuid: string
  readonly lastNumber: number
  readonly runningUntilMs: number
} {
  const connection = openWriteConnection(file)
  try {
    const lastNumber = catchUp(connection, file)
    return {
      lastNumber,
      folder: openCommitLog(connection, file),
      serverDuid: readFact(connection, NodeFactKey.serverDuid) ?? '',
      runningUntilMs: readNumberFact(connection, NodeFactKey.runningUntil) ?? 0,
    }
  } finally {
    connection.close()
  }
}

interface Parts {
  readonly file: string
  readonly stored: StoredFile
  readonly log: CommitLogWriter
  readonly progress: SharedProgress
  readonly tables: ReturnType<typeof startTableWorker>
  readonly behindOctetsMax: number
  readonly runningUntilMs: number
}

export class FileWorkerStore implements WorkerStore {
  readonly #parts: Parts
  #runningUntilMs: number

  constructor(parts: Parts) {
    this.#parts = parts
    this.#runningUntilMs = parts.runningUntilMs
  }

  async commit(commit: Commit): Promise<CommitReceipt> {
    return this.append(commitToText(commit))
  }

  async append(commit: CommitText): Promise<CommitReceipt> {
    const { stored, log, progress, tables, behindOctetsMax } = this.#parts
    stored.mustBeInPlace()
    // A number that is durable already is not written again.
    if (commit.number > log.lastNumber) {
      log.mustBeInPlace()
      if (progress.behindOctets > behindOctetsMax) throw new TableFailure('the tables are too far behind', 'failed')
      const octets = log.append(commit.number, commit.text)
      progress.hasLogged(commit.number, octets)
      this.#runningUntilMs = commit.runningUntilMs
      log.removeUpTo(progress.followed)
    }
    if (commit.isToBeTold) await tables.tell(commit.text)
    return { number: commit.number, runningUntilMs: this.#runningUntilMs }
  }

  failureOf(error: unknown): ReturnType<typeof failureOfFile> {
    return error instanceof TableFailure ? error.failure : failureOfFile(error)
  }

  record(...batch: Parameters<WorkerStore['record']>): Promise<void> {
    return this.#parts.tables.record(...batch)
  }

  prune(nowMs: number): Promise<boolean> {
    return this.#parts.tables.prune(nowMs)
  }

  hasten(): void {
    this.#parts.tables.hasten()
  }

  /** Settles once all commits are in the tables. */
  settle(): Promise<void> {
    return this.#parts.tables.settle()
  }

  /** Where the tables cannot be brought up to the log it stays, and the next start goes on with it. */
  async close(): Promise<void> {
    const { file, log, tables } = this.#parts
    const isWhole = await tables.settle().then(
      () => true,
      () => false,
    )
    await tables.close()
    log.close()
    const connection = openWriteConnection(file)
    try {
      if (isWhole) closeCommitLog(connection, file)
      connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
    } finally {
      connection.close()
    }
  }
}
