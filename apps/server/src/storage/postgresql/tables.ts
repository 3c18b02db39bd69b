/** The engine's tables in PostgreSQL, written by whole columns: one statement and one array for each, however many rows. */
import { BINDING_COLUMNS } from '../binding-row.ts'
import { AUDIT_COLUMNS, TRANSITION_COLUMNS, type Row } from '../commit-rows.ts'
import { ENDPOINT_COLUMNS } from '../endpoint-row.ts'
import { LEASE_EVENT_COLUMNS } from '../lease-event-row.ts'
import { DECISION_COLUMNS, LEASE_CHANGE_COLUMNS } from '../record-rows.ts'
import { ADD_TRAFFIC, POOL_SAMPLE_COLUMNS, POOL_SAMPLE_KEY, TRAFFIC_SAMPLE_COLUMNS } from '../sample-rows.ts'
import type { Session } from './session.ts'

export interface Table {
  /** Name of the prepared statement. */
  readonly name: string
  readonly sql: string
  readonly columns: number
}

/** The columns that are neither text nor a count or a time; the rest by these two lists. */
const OCTETS: ReadonlySet<string> = new Set(['address', 'relayData', 'clientFqdn'])
const FLAGS: ReadonlySet<string> = new Set([
  'owedToPartner',
  'updateSent',
  'partnerStartup',
  'partnerAckStartup',
  'partnerCommunicated',
  'communicated',
  'fullResyncOwed',
  'inContact',
])
const NUMBERS =
  /^(?:length|sequence|at|firstAt|count|coveredMs|requests|replies|unanswered|clientIaid|commitNumber|timeOfFailure|expirationTime|lifetimeAcked|.*(?:Since|At|Seconds|Until|Lifetime))$/u

function typeOf(column: string, table: string): string {
  // A DUID is octets in a binding and in an event, and digits in the history.
  if (OCTETS.has(column) || (column === 'clientDuid' && (table === 'Binding' || table === 'LeaseEvent'))) return 'bytea'
  if (FLAGS.has(column)) return 'boolean'
  return NUMBERS.test(column) ? 'int8' : 'text'
}

const list = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ')

function insertOf(table: string, columns: readonly string[], conflict = ''): Table {
  const arrays = columns.map((column, index) => `$${index + 1}::${typeOf(column, table)}[]`).join(', ')
  // In order, so that what counts up counts up in the order of what happened.
  const sql = `INSERT INTO "${table}" (${list(columns)}) SELECT ${list(columns)}
    FROM unnest(${arrays}) WITH ORDINALITY AS "given" (${list(columns)}, "turn") ORDER BY "turn" ${conflict}`
  return { name: `put-${table}`, sql, columns: columns.length }
}

function upsertOf(table: string, columns: readonly string[], key: readonly string[]): Table {
  const others = columns.filter((column) => !key.includes(column))
  const set = others.map((column) => `"${column}" = excluded."${column}"`).join(', ')
  return insertOf(table, columns, `ON CONFLICT (${list(key)}) DO UPDATE SET ${set}`)
}

export const bindings = upsertOf('Binding', BINDING_COLUMNS, ['kind', 'address', 'length'])
export const endpoints = upsertOf('Endpoint', ENDPOINT_COLUMNS, ['relationship'])
export const leaseEvents = insertOf('LeaseEvent', LEASE_EVENT_COLUMNS)
export const transitions = insertOf('Transition', TRANSITION_COLUMNS)
export const audits = insertOf('AuditEntry', AUDIT_COLUMNS)
export const leaseChanges = insertOf('LeaseChange', LEASE_CHANGE_COLUMNS)
export const decisions = insertOf('Decision', DECISION_COLUMNS)
export const poolSamples = upsertOf('PoolSample', POOL_SAMPLE_COLUMNS, POOL_SAMPLE_KEY)
export const trafficSamples = insertOf('TrafficSample', TRAFFIC_SAMPLE_COLUMNS, ADD_TRAFFIC)

export async function write(session: Session, { name, sql, columns }: Table, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const arrays = Array.from({ length: columns }, (_, column) => rows.map((row) => row[column]))
  await session.rows(sql, arrays, name)
}
