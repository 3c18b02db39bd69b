/** The engine's tables in a database file: what writes rows into them, prepared once for a connection (prisma/schema.prisma). */
import { UPSERT_BINDING } from './binding-row.ts'
import { AUDIT_COLUMNS, TRANSITION_COLUMNS, type Row } from './commit-rows.ts'
import type { Connection } from './connection.ts'
import { UPSERT_ENDPOINT } from './endpoint-row.ts'
import { LEASE_EVENT_COLUMNS } from './lease-event-row.ts'
import { LeaseSearchTables } from './lease-search-tables.ts'
import type { NodeFactKey } from './node-fact-keys.ts'
import { numberFactReader, PUT_FACT } from './node-facts.ts'
import type { SqlValue } from './sql-value.ts'

const insert = (table: string, columns: readonly string[]): string =>
  `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

/** One statement per row inside one transaction: measured no slower than statements of many rows. */
interface Statement {
  run(values: readonly SqlValue[]): unknown
}

export interface TableRows {
  /** Each lease once. */
  readonly bindings: readonly Row[]
  readonly leaseEvents: Iterable<Row>
  readonly endpoints: Iterable<Row>
  readonly transitions: Iterable<Row>
  readonly audits: Iterable<Row>
  readonly facts: Iterable<readonly [key: string, value: string]>
}

export class EngineTables {
  readonly #connection: Connection
  readonly #search: LeaseSearchTables
  readonly #putBinding: Statement
  readonly #addLeaseEvent: Statement
  readonly #putEndpoint: Statement
  readonly #addTransition: Statement
  readonly #addAudit: Statement
  readonly #putFact: Statement

  constructor(connection: Connection) {
    this.#connection = connection
    this.#search = new LeaseSearchTables(connection)
    this.#putBinding = connection.prepare(UPSERT_BINDING)
    this.#addLeaseEvent = connection.prepare(insert('LeaseEvent', LEASE_EVENT_COLUMNS))
    this.#putEndpoint = connection.prepare(UPSERT_ENDPOINT)
    this.#addTransition = connection.prepare(insert('Transition', TRANSITION_COLUMNS))
    this.#addAudit = connection.prepare(insert('AuditEntry', AUDIT_COLUMNS))
    this.#putFact = connection.prepare(PUT_FACT)
  }

  /** Inside a transaction of the caller's. */
  write({ bindings, leaseEvents, endpoints, transitions, audits, facts }: TableRows): void {
    for (const row of transitions) this.#addTransition.run(row)
    for (const row of audits) this.#addAudit.run(row)
    this.#search.follow(bindings)
    for (const row of bindings) this.#putBinding.run(row)
    for (const row of leaseEvents) this.#addLeaseEvent.run(row)
    for (const row of endpoints) this.#putEndpoint.run(row)
    for (const fact of facts) this.#putFact.run(fact)
  }

  numberReader(key: NodeFactKey): () => number | undefined {
    return numberFactReader(this.#connection, key)
  }
}
