/**
 * Lists of leases, page by page, out of a table that may have millions of rows. A walk looks at a bounded piece of the
 * table at a time and lets the thread do something else in between, so that no search holds up the rest of the API.
 */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { readFoundPage, type LeasePageQuery, type LeasePageRows } from './found-leases.queries.ts'
import { whereOf, type LeaseFilter } from './lease-filter.ts'
import { LEASE_COLUMNS, LeaseRow, type LeaseKey } from './leases.queries.ts'
import type { SqlValue } from './sql-value.ts'
import { Turns } from './turns.ts'

/** Rows looked at before others have their turn: a few milliseconds. */
const PIECE_ROWS = 4096

/** Of all searches of this thread: many at a time hold it up no longer than one. */
const turns = new Turns()

export async function readLeasePage(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  { after, limit, countMax }: LeasePageQuery,
): Promise<LeasePageRows> {
  const found = await readFoundPage(database, filter, { after, limit, countMax })
  if (found?.rows !== undefined) return { rows: found.rows, count: found.count }
  const rows = await readRows(database, filter, after, limit)
  if (found !== undefined) return { rows, count: found.count }
  // A page that is not full ends the list, so the first one of those has been counted already.
  if (after === undefined && rows.length < limit) return { rows, count: Math.min(rows.length, countMax) }
  let count = 0
  for await (const piece of piecesOf(database, filter, undefined)) {
    count += await countIn(database, filter, piece, countMax - count)
    if (count === countMax) break
  }
  return { rows, count }
}

/** All that the filter lets through, `pageRows` at a time, in the order of the keys; never two that were read at one moment. */
export async function* readLeasePages(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  pageRows: number,
): AsyncGenerator<readonly LeaseRow[]> {
  let after: LeaseKey | undefined
  for (;;) {
    const rows = await readRows(database, filter, after, pageRows)
    yield rows
    if (rows.length < pageRows) return
    after = rows.at(-1)
    await turns.take()
  }
}

async function readRows(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  after: LeaseKey | undefined,
  limit: number,
): Promise<readonly LeaseRow[]> {
  const rows: LeaseRow[] = []
  for await (const piece of piecesOf(database, filter, after)) {
    rows.push(...(await rowsIn(database, filter, piece, limit - rows.length)))
    if (rows.length === limit) break
  }
  return rows
}

type Kind = LeaseKey['kind']
type End = Pick<LeaseKey, 'address' | 'length'>

/** Rows of one kind after `after` and through `through`: a stretch of the primary key. */
interface Piece {
  readonly kind: Kind
  readonly after: End
  readonly through: End
}

/** In the order of the keys themselves. */
const KINDS: readonly Kind[] = ['address', 'prefix']
const BEFORE_ALL_LENGTHS = -1
const AFTER_ALL_LENGTHS = 129
const FIRST_ADDRESS = new Uint8Array(16)
const LAST_ADDRESS = new Uint8Array(16).fill(0xff)

async function* piecesOf(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  after: LeaseKey | undefined,
): AsyncGenerator<Piece> {
  const { kind: only, within } = filter
  // Every row of the stretch is let through, so a page and a count end by themselves after as many as they want.
  const isOnePiece = whereOf(database.reader, filter).text === ''
  const first: End = { address: within?.first ?? FIRST_ADDRESS, length: BEFORE_ALL_LENGTHS }
  const last: End = { address: within?.last ?? LAST_ADDRESS, length: AFTER_ALL_LENGTHS }
  for (const kind of KINDS) {
    if ((only !== undefined && kind !== only) || (after !== undefined && kind < after.kind)) continue
    let from: End | undefined = after?.kind === kind && isBefore(first, after) ? after : first
    while (from !== undefined) {
      const rest: Piece = { kind, after: from, through: last }
      const end: End | undefined = isOnePiece ? undefined : await endOfPiece(database, rest)
      yield { kind, after: from, through: end ?? last }
      from = end
      if (from !== undefined) await turns.take()
    }
  }
}

function isBefore(a: End, b: End): boolean {
  return (Buffer.compare(a.address, b.address) || a.length - b.length) < 0
}

const IN_PIECE = '"kind" = ? AND ("address", "length") > (?, ?) AND ("address", "length") <= (?, ?)'

function valuesOf({ kind, after, through }: Piece): readonly SqlValue[] {
  return [kind, after.address, after.length, through.address, through.length]
}

const CountRow = z.object({ count: LeaseRow.shape.length })
const EndRow = z.object({ address: LeaseRow.shape.address, length: LeaseRow.shape.length })

/** Undefined: what is left is not more than one piece. */
async function endOfPiece({ reader }: ConsoleDatabase, rest: Piece): Promise<End | undefined> {
  const [row] = await reader.all(
    `SELECT "address", "length" FROM "Binding" WHERE ${IN_PIECE}
     ORDER BY "address", "length" LIMIT 1 OFFSET ${PIECE_ROWS - 1}`,
    valuesOf(rest),
  )
  return row === undefined ? undefined : EndRow.parse(row)
}

async function rowsIn(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  piece: Piece,
  limit: number,
): Promise<readonly LeaseRow[]> {
  const where = whereOf(reader, filter)
  const rows = await reader.all(
    `SELECT ${LEASE_COLUMNS} FROM "Binding" WHERE ${IN_PIECE}${where.text} ORDER BY "address", "length" LIMIT ?`,
    [...valuesOf(piece), ...where.values, limit],
  )
  return z.array(LeaseRow).parse(rows)
}

async function countIn(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  piece: Piece,
  countMax: number,
): Promise<number> {
  const where = whereOf(reader, filter)
  const [row] = await reader.all(
    `SELECT count(*) AS "count" FROM
     (SELECT 1 FROM "Binding" WHERE ${IN_PIECE}${where.text} LIMIT ?) AS "found"`,
    [...valuesOf(piece), ...where.values, countMax],
  )
  return CountRow.parse(row).count
}
