/** What explains, on its way to storage beside the commits: history of leases, decisions, and how pools and traffic were. Plain values, since it crosses between threads. */
import type { LeaseChanged } from '@tandem/engine'
import type { SampleBatch } from './sample-rows.ts'

/** One change of one lease. */
export interface LeaseChangeRecord {
  /** `2001:db8::1` or `2001:db8::/56`. */
  readonly lease: string
  readonly atMs: number
  readonly from: LeaseChanged['from']
  readonly to: LeaseChanged['to']
  readonly cause: LeaseChanged['cause']
  readonly clientDuid: string | undefined
  readonly expiresAtMs: number | undefined
  readonly commitNumber: number
}

export type DecisionKind = 'no-answer' | 'allocation-failed' | 'update-rejected'

/** One decision, or many alike of one span of time with an example. */
export interface DecisionRecord {
  readonly kind: DecisionKind
  readonly firstAtMs: number
  readonly lastAtMs: number
  readonly count: number
  readonly relationship: string | undefined
  readonly subnetId: string | undefined
  readonly lease: string | undefined
  readonly clientDuid: string | undefined
  readonly messageType: string | undefined
  /** A word of a closed list, or a status code with its side. */
  readonly reason: string
  readonly detail: string
  readonly rule: string
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  readonly commitNumber: number
}

export interface RecordBatch {
  readonly leaseChanges: readonly LeaseChangeRecord[]
  readonly decisions: readonly DecisionRecord[]
  readonly samples?: SampleBatch
}

/** How much is kept: whatever is older, or beyond the count, goes. */
export interface Retention {
  readonly leaseSeconds: number
  readonly leaseRows: number
  readonly eventSeconds: number
  readonly eventRows: number
  readonly decisionSeconds: number
  readonly decisionRows: number
  /** Configured pools, whose history is kept for the shorter the more there are (decision 0110). */
  readonly poolCount: number
}
