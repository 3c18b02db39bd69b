/** Brings the tables of a database file up to its commit log: many commits in one transaction, each lease written once. */
import { inTransaction, type Connection } from '../connection.ts'
import { EngineTables } from '../engine-tables.ts'
import { NodeFactKey } from '../node-fact-keys.ts'
import type { SqlValue } from '../sql-value.ts'
import type { Row } from '../commit-rows.ts'
import { commitFromText, type LoggedCommit } from './commit-text.ts'
import type { CommitLogReader } from './log-reader.ts'

/** So long that a lease that changes twice is mostly written once, so short that another writer gets its turn. */
const CHANGES_AT_ONCE = 8192

export interface Followed {
  /** The tables hold all commits up to this one. */
  readonly number: number
  /** Of the records that were read for it. */
  readonly octets: number
}

export class TableFollower {
  readonly #connection: Connection
  readonly #tables: EngineTables
  readonly #reader: CommitLogReader
  readonly #followedNumber: () => number | undefined
  readonly #toldNumber: () => number | undefined
  /** Read and not yet in the tables. */
  #pending: LoggedCommit[] = []
  #pendingOctets = 0

  constructor(connection: Connection, reader: CommitLogReader) {
    this.#connection = connection
    this.#reader = reader
    this.#tables = new EngineTables(connection)
    this.#followedNumber = this.#tables.numberReader(NodeFactKey.lastCommitNumber)
    this.#toldNumber = this.#tables.numberReader(NodeFactKey.toldCommitNumber)
  }

  /**
   * One transaction with what stands in the log up to the commit `upTo`, or a part of it; undefined: nothing is left.
   * Throws what the database says, and goes on from there when it is called again.
   */
  step(upTo: number): Followed | undefined {
    this.#read(upTo)
    const last = this.#pending.at(-1)
    if (last === undefined) return undefined
    inTransaction(this.#connection, () => {
      const followed = this.#followedNumber() ?? 0
      if (followed > upTo) {
        throw new Error(`another process made commit ${followed} in this storage; our last one was ${upTo}`)
      }
      const told = Math.max(followed, this.#toldNumber() ?? 0)
      this.#write(
        this.#pending.filter(({ number }) => number > followed),
        told,
      )
    })
    const octets = this.#pendingOctets
    this.#pending = []
    this.#pendingOctets = 0
    return { number: last.number, octets }
  }

  /** This commit is read by operators before its turn comes. Every one of its kind before it has been told so. */
  tell(commit: LoggedCommit): void {
    inTransaction(this.#connection, () => {
      const told = Math.max(this.#followedNumber() ?? 0, this.#toldNumber() ?? 0)
      if (commit.number <= told) return
      this.#tables.write({
        ...commit,
        // In their turn: whoever follows them would pass over those of the commits before.
        leaseEvents: [],
        facts: [...commit.facts, [NodeFactKey.toldCommitNumber, String(commit.number)]],
      })
    })
  }

  #read(upTo: number): void {
    let changes = 0
    while (changes < CHANGES_AT_ONCE && this.#reader.last < upTo) {
      const record = this.#reader.next()
      if (record === undefined) return
      const commit = commitFromText(record.text)
      this.#pending.push(commit)
      this.#pendingOctets += record.octets
      changes += 1 + commit.bindings.length + commit.leaseEvents.length
    }
  }

  #write(commits: readonly LoggedCommit[], told: number): void {
    const bindings = new Map<string, Row>()
    const endpoints = new Map<SqlValue | undefined, Row>()
    const numbers = new Map<string, string>()
    for (const commit of commits) {
      for (const row of commit.bindings) bindings.set(keyOfRow(row), row)
      for (const row of commit.endpoints) endpoints.set(row[0], row)
      for (const [key, value] of commit.numbers) numbers.set(key, value)
    }
    const untold = commits.filter(({ number }) => number > told)
    this.#tables.write({
      bindings: [...bindings.values()],
      leaseEvents: commits.flatMap(({ leaseEvents }) => leaseEvents),
      endpoints: endpoints.values(),
      transitions: untold.flatMap(({ transitions }) => transitions),
      audits: untold.flatMap(({ audits }) => audits),
      facts: [...untold.flatMap(({ facts }) => facts), ...numbers],
    })
  }
}

function keyOfRow([kind, address, length]: Row): string {
  const octets = address instanceof Uint8Array ? Buffer.from(address).toString('latin1') : ''
  return `${String(kind)}${String(length)}/${octets}`
}
