/** History and decisions as rows of their tables (prisma/schema.prisma, models LeaseChange and Decision). */
import type { Row } from './commit-rows.ts'
import type { DecisionRecord, LeaseChangeRecord } from './record-batch.ts'
import { orNull } from './sql-value.ts'

export const LEASE_CHANGE_COLUMNS = [
  'lease',
  'at',
  'fromStatus',
  'toStatus',
  'cause',
  'clientDuid',
  'expiresAt',
  'commitNumber',
] as const

export const DECISION_COLUMNS = [
  'kind',
  'firstAt',
  'at',
  'count',
  'relationship',
  'subnetId',
  'lease',
  'clientDuid',
  'messageType',
  'reason',
  'detail',
  'rule',
  'inputs',
  'commitNumber',
] as const

/** Bounds how long a commit may have to wait for the removal of old rows; ten times a second, more go than can come. */
export const PRUNED_AT_ONCE_MAX = 2500

/** Lease events come with every renewal, so more of them have to go. */
export const EVENTS_PRUNED_AT_ONCE_MAX = 5000

export function leaseChangeRow(change: LeaseChangeRecord): Row {
  return [
    change.lease,
    change.atMs,
    orNull(change.from),
    change.to,
    change.cause,
    orNull(change.clientDuid),
    orNull(change.expiresAtMs),
    change.commitNumber,
  ]
}

export function decisionRow(decision: DecisionRecord): Row {
  return [
    decision.kind,
    decision.firstAtMs,
    decision.lastAtMs,
    decision.count,
    orNull(decision.relationship),
    orNull(decision.subnetId),
    orNull(decision.lease),
    orNull(decision.clientDuid),
    orNull(decision.messageType),
    decision.reason,
    decision.detail,
    decision.rule,
    JSON.stringify(decision.inputs),
    decision.commitNumber,
  ]
}
