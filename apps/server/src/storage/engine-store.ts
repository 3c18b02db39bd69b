/** Makes the engine's changes durable in the tables themselves: one transaction per commit, full sync, under its commit number. */
import type { Commit, CommitReceipt } from './commit.ts'
import { rowsOfCommit } from './commit-rows.ts'
import { inTransaction, type Connection } from './connection.ts'
import { EngineTables } from './engine-tables.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { readNumberFact } from './node-facts.ts'

/** Where no server runs: what a running one writes goes by the commit log (commit-log/, decision 0087). */
export class EngineStore {
  readonly #connection: Connection
  readonly #tables: EngineTables
  readonly #readLastNumber: () => number | undefined
  #lastNumber: number
  #runningUntilMs: number

  constructor(connection: Connection) {
    this.#connection = connection
    this.#tables = new EngineTables(connection)
    this.#readLastNumber = this.#tables.numberReader(NodeFactKey.lastCommitNumber)
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
        this.#tables.write(rowsOfCommit(commit))
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
}
