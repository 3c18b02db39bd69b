/** What the storage worker asks of a database; one adapter for each kind (file-worker-store.ts, postgresql/). */
import type { CommitText } from './commit-log/commit-text.ts'
import type { Commit, CommitFailureKind, CommitReceipt } from './commit.ts'
import type { RecordBatch } from './record-batch.ts'

type Eventually<Result> = Result | Promise<Result>

export interface WorkerStore {
  /** Settles once the commit is durable; rejects with what the database says. One at a time. */
  commit(commit: Commit): Eventually<CommitReceipt>
  /** The same for a commit that is text already; only where there is a commit log. */
  append?(commit: CommitText): Promise<CommitReceipt>
  /** Somebody waits for lists to show all commits; absent where they do so at once. */
  hasten?(): void
  /** Settles once lists show all commits; absent where they do so at once. */
  settle?(): Promise<void>
  failureOf(error: unknown): CommitFailureKind
  /** What explains: on connections of its own, so that it never meets a commit. One at a time. */
  record(batch: RecordBatch): Eventually<void>
  /** True: there is more to remove, and it should be called again soon. */
  prune(nowMs: number): Eventually<boolean>
  /** After the last commit and the last record. */
  close(): Eventually<void>
}
