/** What finds leases in a database file by their client, and in the order of their changes (decisions 0118 and 0126). */
import { BINDING_COLUMNS } from './binding-row.ts'
import type { Row } from './commit-rows.ts'
import type { Connection } from './connection.ts'
import type { SqlValue } from './sql-value.ts'

interface Statement {
  run(values: readonly SqlValue[]): { readonly lastInsertRowid: number | bigint }
}

const columnOf = (name: (typeof BINDING_COLUMNS)[number]): number => BINDING_COLUMNS.indexOf(name)
const DUID = columnOf('clientDuid')
const IAID = columnOf('clientIaid')
const HOST = columnOf('clientFqdn')
const SINCE = columnOf('statusSince')
const COMMIT = columnOf('commitNumber')

/** As it stands in the table: the columns of which there is an index, and the commit that wrote them. */
type Before = readonly [duid: SqlValue, iaid: SqlValue, host: SqlValue, since: SqlValue, commitNumber: SqlValue]

/**
 * Not by triggers: with them SQLite keeps an undo of its own for each row, and the full-text table writes a segment for
 * each, where here a transaction writes one.
 */
export class LeaseSearchTables {
  readonly #before: (key: Row) => Before | undefined
  readonly #addKey: Statement
  readonly #removeKey: (key: Row) => number | undefined
  readonly #addWords: Statement
  readonly #removeWords: Statement
  readonly #addSince: Statement
  readonly #removeSince: Statement

  constructor(connection: Connection) {
    const ofKey = '"kind" = ? AND "address" = ? AND "length" = ?'
    const before = connection
      .prepare(
        `SELECT "clientDuid", "clientIaid", "clientFqdn", "statusSince", "commitNumber" FROM "Binding" WHERE ${ofKey}`,
      )
      .raw()
    this.#before = (key) => before.get(key) as Before | undefined
    this.#addKey = connection.prepare(
      'INSERT INTO "LeaseSearchKey" ("kind", "address", "length", "iaid") VALUES (?, ?, ?, ?)',
    )
    const removeKey = connection.prepare(`DELETE FROM "LeaseSearchKey" WHERE ${ofKey} RETURNING "id"`).raw()
    this.#removeKey = (key) => (removeKey.get(key) as readonly [number] | undefined)?.[0]
    this.#addWords = connection.prepare('INSERT INTO "LeaseSearch" (rowid, "duid", "host") VALUES (?, ?, ?)')
    this.#removeWords = connection.prepare('DELETE FROM "LeaseSearch" WHERE rowid = ?')
    this.#addSince = connection.prepare(
      'INSERT OR IGNORE INTO "LeaseSearchSince" ("since", "ofKind", "ofAddress", "ofLength") VALUES (?, ?, ?, ?)',
    )
    this.#removeSince = connection.prepare(
      'DELETE FROM "LeaseSearchSince" WHERE "since" = ? AND "ofKind" = ? AND "ofAddress" = ? AND "ofLength" = ?',
    )
  }

  /** Rows of the lease table, each lease once, that its caller is about to write in the same transaction. */
  follow(rows: Iterable<Row>): void {
    const gone: number[] = []
    const come: Row[] = []
    for (const row of rows) {
      const key = row.slice(0, 3)
      const before = this.#before(key)
      if (before !== undefined && Number(before[4]) > Number(row[COMMIT])) continue
      this.#followSince(key, before?.[3], row[SINCE] ?? null)
      if (before !== undefined && isSameClient(before, row)) continue
      const id = before === undefined || !isFound(before[0], before[2]) ? undefined : this.#removeKey(key)
      if (id !== undefined) gone.push(id)
      if (isFound(row[DUID], row[HOST])) come.push(row)
    }
    // The full-text table gathers in memory what comes in ascending order, and writes it out whenever the order breaks.
    for (const id of gone.sort((one, other) => one - other)) this.#removeWords.run([id])
    for (const row of come) {
      this.#addWords.run([this.#newId(row), digitsOf(row[DUID]), digitsOf(row[HOST])])
    }
  }

  /** An entry may have been left by somebody who removed the lease past the server: it gives way. */
  #newId(row: Row): number {
    const key = row.slice(0, 3)
    const add = (): number => Number(this.#addKey.run([...key, row[IAID] ?? null]).lastInsertRowid)
    try {
      return add()
    } catch (error) {
      const left = this.#removeKey(key)
      if (left === undefined) throw error
      this.#removeWords.run([left])
      return add()
    }
  }

  #followSince(key: Row, before: SqlValue | undefined, since: SqlValue): void {
    if (before === since) return
    if (before !== undefined) this.#removeSince.run([before, ...key])
    this.#addSince.run([since, ...key])
  }
}

function isFound(duid: SqlValue | undefined, host: SqlValue | undefined): boolean {
  return (duid ?? null) !== null || (host ?? null) !== null
}

function isSameClient([duid, iaid, host]: Before, row: Row): boolean {
  return isSame(duid, row[DUID]) && iaid === (row[IAID] ?? null) && isSame(host, row[HOST])
}

function isSame(one: SqlValue, other: SqlValue | undefined): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return one === (other ?? null)
}

/** Hexadecimal digits, as searches ask for them. */
function digitsOf(octets: SqlValue | undefined): string {
  return octets instanceof Uint8Array
    ? Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')
    : ''
}
