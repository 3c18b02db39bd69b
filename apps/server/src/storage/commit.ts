/** What the driver asks of storage and what it hears back; crosses between threads, hence plain values only. */
import type { StorageChange } from '@tandem/engine'
import type { LeaseEventRecord } from './lease-event-row.ts'

export interface Commit {
  /** One more than the commit before; the key of a retry. */
  readonly number: number
  readonly changes: readonly StorageChange[]
  /** For machines that follow leases (decision 0109), in order; absent: none. */
  readonly leaseEvents?: readonly LeaseEventRecord[] | undefined
  readonly atMs: number
  /** "Running until": nothing is released past it (architecture section 5). */
  readonly runningUntilMs: number
  /** False for a mere sign of life. */
  readonly promises: boolean
}

export interface CommitReceipt {
  readonly number: number
  /** What is durable now; older than asked for when the commit had been made by an earlier attempt. */
  readonly runningUntilMs: number
}

/** Only `constraint` is not tried again: it is a bug. */
export type CommitFailureKind = 'constraint' | 'disk-full' | 'failed'

export type CommitOutcome =
  | { readonly ok: true; readonly receipt: CommitReceipt }
  | { readonly ok: false; readonly failure: CommitFailureKind; readonly detail: string }

/** One commit at a time. */
export interface CommitStore {
  commit(commit: Commit): Promise<CommitOutcome>
}
