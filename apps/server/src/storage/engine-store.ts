/** Makes the engine's changes durable: one transaction per commit, full sync, under its commit number (architecture section 9). */
import { UPSERT_BINDING } from './binding-row.ts'
import type { Commit, CommitReceipt } from './commit.ts'
import { AUDIT_COLUMNS, rowsOfCommit, TRANSITION_COLUMNS } from './commit-rows.ts'
import { inTransaction, type Connection } from './connection.ts'
import { UPSERT_ENDPOINT } from './endpoint-row.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { numberFactReader, PUT_FACT, readNumberFact } from './node-facts.ts'
import type { SqlValue } from './sql-value.ts'

const insert = (table: string, columns: readonly string[]): string =>
  `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

/** One statement per row inside one transaction: measured no slower than statements of many rows. */
interface Statement {
  run(values: readonly SqlValue[]): unknown
}

/** Statements prepared once for the connection that alone writes the engine's tables. */
export class EngineStore {
  readonly #connection: Connection
  readonly #putBinding: Statement
  readonly #putEndpoint: Statement
  readonly #addTransition: Statement
  readonly #addAudit: Statement
  readonly #putFact: Statement
  readonly #readLastNumber: () => number | undefined
  #lastNumber: number
  #runningUntilMs: number

  constructor(connection: Connection) {
    this.#connection = connection
    this.#putBinding = connection.prepare(UPSERT_BINDING)
    this.#putEndpoint = connection.prepare(UPSERT_ENDPOINT)
    this.#addTransition = connection.prepare(insert('Transition', TRANSITION_COLUMNS))
    this.#addAudit = connection.prepare(insert('AuditEntry', AUDIT_COLUMNS))
    this.#putFact = connection.prepare(PUT_FACT)
    this.#readLastNumber = numberFactReader(connection, NodeFactKey.lastCommitNumber)
    this.#lastNumber = this.#readLastNumber() ?? 0
    this.#runningUntilMs = readNumberFact(connection, NodeFactKey.runningUntil) ?? 0
  }

  get lastCommitNumber(): number {
    return this.#lastNumber
  }

  /** Returns once the commit is on disk; throws what the database says. A number that is durable already is not written again. */
  commit(commit: Commit): CommitReceipt {
    if (commit.number > this.#lastNumber) {
      if (commit.number !== this.#lastNumber + 1) {
        throw new Error(`commit ${commit.number} came after commit ${this.#lastNumber}`)
      }
      inTransaction(this.#connection, () => {
        this.#mustBeAlone()
        this.#write(commit)
      })
      this.#lastNumber = commit.number
      this.#runningUntilMs = commit.runningUntilMs
    }
    return { number: commit.number, runningUntilMs: this.#runningUntilMs }
  }

  /** Two servers on one storage would each overwrite what the other promised. */
  #mustBeAlone(): void {
    const stored = this.#readLastNumber() ?? 0
    if (stored !== this.#lastNumber) {
      throw new Error(`another process made commit ${stored} in this storage; our last one was ${this.#lastNumber}`)
    }
  }

  #write(commit: Commit): void {
    const { bindings, endpoints, transitions, audits, facts } = rowsOfCommit(commit)
    for (const row of transitions) this.#addTransition.run(row)
    for (const row of audits) this.#addAudit.run(row)
    for (const row of bindings) this.#putBinding.run(row)
    for (const row of endpoints) this.#putEndpoint.run(row)
    for (const fact of facts) this.#putFact.run(fact)
  }
}
