/** Makes the engine's changes durable: one transaction per commit, full sync, under its commit number (architecture section 9). */
import { keyOf, type Binding, type BindingKey, type EndpointRecord, type StorageChange } from '@tandem/engine'
import { bindingToRow, UPSERT_BINDING } from './binding-row.ts'
import type { Commit, CommitReceipt } from './commit.ts'
import { inTransaction, type Connection } from './connection.ts'
import { endpointToRow, UPSERT_ENDPOINT } from './endpoint-row.ts'
import { NodeFactKey, numberFactReader, PUT_FACT, readNumberFact } from './node-facts.ts'
import { reservationsToFact } from './reservations-fact.ts'
import { orNull, type SqlValue } from './sql-value.ts'

const INSERT_TRANSITION = `INSERT INTO "Transition"
  ("relationship", "at", "fromState", "toState", "cause", "rule", "inputs", "operator", "commitNumber")
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

const INSERT_AUDIT = `INSERT INTO "AuditEntry"
  ("at", "operator", "action", "target", "reason", "commandId", "outcome", "detail", "commitNumber")
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

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
    this.#addTransition = connection.prepare(INSERT_TRANSITION)
    this.#addAudit = connection.prepare(INSERT_AUDIT)
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
    this.#writeChanges(commit.changes, commit.number)
    this.#putFact.run([NodeFactKey.lastCommitNumber, String(commit.number)])
    this.#putFact.run([NodeFactKey.runningUntil, String(commit.runningUntilMs)])
    // A mere sign of life promises nothing, so it does not move the time of the last promise.
    if (commit.promises) this.#putFact.run([NodeFactKey.lastCommitAt, String(commit.atMs)])
  }

  /** A lease or an endpoint that changed several times in a batch is written once, as it was left. */
  #writeChanges(changes: readonly StorageChange[], number: number): void {
    const bindings = new Map<BindingKey, Binding>()
    const endpoints = new Map<string, EndpointRecord>()
    for (const change of changes) {
      switch (change.kind) {
        case 'binding-put':
          bindings.set(keyOf(change.binding), change.binding)
          break
        case 'endpoint-put':
          endpoints.set(change.endpoint.relationship, change.endpoint)
          break
        case 'reservations-put':
          this.#putFact.run(reservationsToFact(change.reservations))
          break
        case 'transition-added':
          this.#addTransition.run(transitionRow(change.transition, number))
          break
        case 'audit-added':
          this.#addAudit.run(auditRow(change.audit, number))
          break
      }
    }
    for (const binding of bindings.values()) this.#putBinding.run(bindingToRow(binding, number))
    for (const endpoint of endpoints.values()) this.#putEndpoint.run(endpointToRow(endpoint, number))
  }
}

function transitionRow(
  transition: Extract<StorageChange, { kind: 'transition-added' }>['transition'],
  number: number,
): readonly SqlValue[] {
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

function auditRow(
  audit: Extract<StorageChange, { kind: 'audit-added' }>['audit'],
  number: number,
): readonly SqlValue[] {
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
