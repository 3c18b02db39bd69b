/** Writes history, decisions and samples beside the commits, and keeps them within their bounds (decisions 0074 and 0110). */
import { inTransaction, openWriteConnection, type Connection } from './connection.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { writeFact } from './node-facts.ts'
import type { RecordBatch, Retention } from './record-batch.ts'
import {
  DECISION_COLUMNS,
  decisionRow,
  EVENTS_PRUNED_AT_ONCE_MAX,
  LEASE_CHANGE_COLUMNS,
  leaseChangeRow,
  PRUNED_AT_ONCE_MAX,
} from './record-rows.ts'
import {
  ADD_TRAFFIC,
  POOL_SAMPLE_COLUMNS,
  poolSampleRows,
  sampleBounds,
  TRAFFIC_SAMPLE_COLUMNS,
  trafficSampleRows,
  type SampleBound,
} from './sample-rows.ts'
import type { SqlValue } from './sql-value.ts'

const insert = (table: string, columns: readonly string[]): string =>
  `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

interface Statement {
  run(values: readonly SqlValue[]): unknown
}

/**
 * A connection of its own on the thread that writes the tables, so that its transactions never meet theirs. It flushes
 * nothing by itself: what explains is no promise, and the next flush of the tables carries it to disk too.
 */
export function openRecordConnection(file: string): Connection {
  const connection = openWriteConnection(file)
  connection.exec('PRAGMA synchronous = NORMAL')
  // Checkpoints flush; the others make them.
  connection.exec('PRAGMA wal_autocheckpoint = 0')
  return connection
}

export class RecordStore {
  readonly #connection: Connection
  readonly #retention: Retention
  readonly #addLeaseChange: Statement
  readonly #addDecision: Statement
  readonly #putPoolSample: Statement
  readonly #addTrafficSample: Statement

  constructor(connection: Connection, retention: Retention) {
    this.#connection = connection
    this.#retention = retention
    this.#addLeaseChange = connection.prepare(insert('LeaseChange', LEASE_CHANGE_COLUMNS))
    this.#addDecision = connection.prepare(insert('Decision', DECISION_COLUMNS))
    this.#putPoolSample = connection.prepare(
      insert('PoolSample', POOL_SAMPLE_COLUMNS).replace('INSERT', 'INSERT OR REPLACE'),
    )
    this.#addTrafficSample = connection.prepare(`${insert('TrafficSample', TRAFFIC_SAMPLE_COLUMNS)} ${ADD_TRAFFIC}`)
  }

  write({ leaseChanges, decisions, samples }: RecordBatch): void {
    if (leaseChanges.length + decisions.length === 0 && samples === undefined) return
    inTransaction(this.#connection, () => {
      for (const change of leaseChanges) this.#addLeaseChange.run(leaseChangeRow(change))
      for (const decision of decisions) this.#addDecision.run(decisionRow(decision))
      if (samples === undefined) return
      for (const row of poolSampleRows(samples)) this.#putPoolSample.run(row)
      for (const row of trafficSampleRows(samples)) this.#addTrafficSample.run(row)
    })
  }

  close(): void {
    this.#connection.close()
  }

  /** True: there is more to remove, and it should be called again soon. */
  prune(nowMs: number): boolean {
    const { leaseSeconds, leaseRows, eventSeconds, eventRows, decisionSeconds, decisionRows, poolCount } =
      this.#retention
    return inTransaction(this.#connection, () => {
      const leases = this.#pruneTable('LeaseChange', leaseRows, nowMs - leaseSeconds * 1000)
      const decisions = this.#pruneTable('Decision', decisionRows, nowMs - decisionSeconds * 1000)
      const events = this.#pruneEvents(eventRows, nowMs - eventSeconds * 1000)
      const samples = sampleBounds(poolCount, nowMs).map((bound) => this.#pruneSamples(bound))
      return leases || events || decisions || samples.includes(true)
    })
  }

  /** Rows are numbered in the order of time without gaps that matter, so the oldest are found without an index on time. */
  #pruneTable(table: 'LeaseChange' | 'Decision', rows: number, beforeMs: number): boolean {
    const removed: unknown = this.#connection
      .prepare(
        `DELETE FROM "${table}" WHERE "id" IN (SELECT "id" FROM "${table}" ORDER BY "id" LIMIT ${PRUNED_AT_ONCE_MAX})
         AND ("at" < ? OR "id" <= (SELECT max("id") FROM "${table}") - ?)`,
      )
      .run([beforeMs, rows])
    return countOf(removed) >= PRUNED_AT_ONCE_MAX
  }

  /** Commits whole, and what is gone is known: whoever comes back too late is told so. */
  #pruneEvents(rows: number, beforeMs: number): boolean {
    const oldest = `SELECT "commitNumber", "at" FROM "LeaseEvent" ORDER BY "commitNumber", "sequence" LIMIT ?`
    const upTo: unknown = this.#connection
      .prepare(
        `SELECT max(coalesce((SELECT max("commitNumber") FROM (${oldest}) WHERE "at" < ?), 0),
         coalesce((SELECT max("commitNumber") FROM (${oldest})), 0))`,
      )
      .raw()
      .get([EVENTS_PRUNED_AT_ONCE_MAX, beforeMs, Math.min(EVENTS_PRUNED_AT_ONCE_MAX, this.#eventsBeyond(rows))])
    const commit = firstNumber(upTo)
    if (commit === 0) return false
    const removed: unknown = this.#connection
      .prepare('DELETE FROM "LeaseEvent" WHERE "commitNumber" <= ?')
      .run([commit])
    writeFact(this.#connection, NodeFactKey.leaseEventsRemoved, String(commit))
    return countOf(removed) >= EVENTS_PRUNED_AT_ONCE_MAX
  }

  /** They are written in one order and removed in it, so their numbers tell how many there are without looking at each. */
  #eventsBeyond(rows: number): number {
    const counted: unknown = this.#connection
      .prepare('SELECT 1 + (SELECT max(rowid) FROM "LeaseEvent") - (SELECT min(rowid) FROM "LeaseEvent")')
      .raw()
      .get([])
    return Math.max(0, firstNumber(counted) - rows)
  }

  #pruneSamples({ table, key, stepSeconds, beforeMs }: SampleBound): boolean {
    const columns = key.map((column) => `"${column}"`).join(', ')
    const removed: unknown = this.#connection
      .prepare(
        `DELETE FROM "${table}" WHERE (${columns}) IN
         (SELECT ${columns} FROM "${table}" WHERE "stepSeconds" = ? AND "at" < ? LIMIT ${PRUNED_AT_ONCE_MAX})`,
      )
      .run([stepSeconds, beforeMs])
    return countOf(removed) >= PRUNED_AT_ONCE_MAX
  }
}

function firstNumber(row: unknown): number {
  return Array.isArray(row) && typeof row[0] === 'number' ? row[0] : 0
}

function countOf(removed: unknown): number {
  return typeof removed === 'object' && removed !== null && 'changes' in removed ? Number(removed.changes) : 0
}
