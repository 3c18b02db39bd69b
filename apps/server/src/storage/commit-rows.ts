/** A commit as rows of the tables, the same for every kind of database (prisma/schema.prisma). */
import { keyOf, type Binding, type BindingKey, type EndpointRecord, type StorageChange } from '@tandem/engine'
import { bindingToRow } from './binding-row.ts'
import type { Commit } from './commit.ts'
import { drainsToFact } from './drains-fact.ts'
import { endpointToRow } from './endpoint-row.ts'
import { leaseEventRow } from './lease-event-row.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { reservationsToFact } from './reservations-fact.ts'
import { orNull, type SqlValue } from './sql-value.ts'

export type Row = readonly SqlValue[]

export interface CommitRows {
  readonly bindings: readonly Row[]
  readonly leaseEvents: readonly Row[]
  readonly endpoints: readonly Row[]
  readonly transitions: readonly Row[]
  readonly audits: readonly Row[]
  readonly facts: ReadonlyMap<string, string>
}

export const TRANSITION_COLUMNS = [
  'relationship',
  'at',
  'fromState',
  'toState',
  'cause',
  'rule',
  'inputs',
  'operator',
  'commitNumber',
] as const

export const AUDIT_COLUMNS = [
  'at',
  'operator',
  'action',
  'target',
  'reason',
  'commandId',
  'outcome',
  'detail',
  'commitNumber',
] as const

/** What a commit leaves behind, before it is rows. */
export interface CommitChanges {
  readonly bindings: ReadonlyMap<BindingKey, Binding>
  readonly endpoints: ReadonlyMap<string, EndpointRecord>
  readonly transitions: readonly Row[]
  readonly audits: readonly Row[]
  readonly facts: ReadonlyMap<string, string>
}

/** A lease or an endpoint that changed several times in a batch is written once, as it was left. */
export function changesOf(commit: Commit): CommitChanges {
  const { number } = commit
  const bindings = new Map<BindingKey, Binding>()
  const endpoints = new Map<string, EndpointRecord>()
  const facts = new Map<string, string>()
  const transitions: Row[] = []
  const audits: Row[] = []
  for (const change of commit.changes) {
    switch (change.kind) {
      case 'binding-put':
        bindings.set(keyOf(change.binding), change.binding)
        break
      case 'endpoint-put':
        endpoints.set(change.endpoint.relationship, change.endpoint)
        break
      case 'reservations-put':
        facts.set(...reservationsToFact(change.reservations))
        break
      case 'drains-put':
        facts.set(...drainsToFact(change.drains))
        break
      case 'transition-added':
        transitions.push(transitionRow(change.transition, number))
        break
      case 'audit-added':
        audits.push(auditRow(change.audit, number))
        break
    }
  }
  return { bindings, endpoints, transitions, audits, facts }
}

export function rowsOfCommit(commit: Commit): CommitRows {
  const { bindings, endpoints, transitions, audits, facts } = changesOf(commit)
  return {
    bindings: [...bindings.values()].map((binding) => bindingToRow(binding, commit.number)),
    leaseEvents: (commit.leaseEvents ?? []).map((told, sequence) =>
      leaseEventRow({ ...told, commitNumber: commit.number, sequence }, bindingToRow(told.binding, commit.number)),
    ),
    endpoints: endpointRows(endpoints, commit.number),
    transitions,
    audits,
    facts: new Map([...facts, ...numberFacts(commit)]),
  }
}

export function endpointRows(endpoints: CommitChanges['endpoints'], number: number): readonly Row[] {
  return [...endpoints.values()].map((endpoint) => endpointToRow(endpoint, number))
}

/** Of the node as a whole: the last commit says it. */
export function numberFacts({
  number,
  runningUntilMs,
  promises,
  atMs,
}: Commit): readonly (readonly [string, string])[] {
  return [
    [NodeFactKey.lastCommitNumber, String(number)],
    [NodeFactKey.runningUntil, String(runningUntilMs)],
    // A mere sign of life promises nothing, so it does not move the time of the last promise.
    ...(promises ? [[NodeFactKey.lastCommitAt, String(atMs)] as const] : []),
  ]
}

function transitionRow(
  transition: Extract<StorageChange, { kind: 'transition-added' }>['transition'],
  number: number,
): Row {
  return [
    transition.relationship,
    transition.at,
    transition.from,
    transition.to,
    transition.cause,
    transition.rule,
    JSON.stringify(transition.inputs),
    orNull(transition.operator),
    number,
  ]
}

function auditRow(audit: Extract<StorageChange, { kind: 'audit-added' }>['audit'], number: number): Row {
  return [
    audit.at,
    audit.operator,
    audit.action,
    audit.target,
    audit.reason,
    audit.commandId,
    audit.outcome,
    audit.detail,
    number,
  ]
}
