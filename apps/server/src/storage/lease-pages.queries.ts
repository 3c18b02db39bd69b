/** Lists of leases in the order of their keys, page by page, out of a table that may have millions of rows. */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { readFoundPage, type LeasePageQuery, type LeasePageRows } from './found-leases.queries.ts'
import { whereOf, type LeaseFilter } from './lease-filter.ts'
import { LEASE_COLUMNS, LeaseRow, type LeaseKey } from './leases.queries.ts'
import { KEY_ORDER } from './lease-order.ts'
import { IN_PIECE, piecesOf, turns, valuesOf, type Piece } from './lease-pieces.ts'

export async function readLeasePage(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  { after, limit, countMax }: LeasePageQuery,
): Promise<LeasePageRows> {
  const found = await readFoundPage(database, filter, {
    order: KEY_ORDER,
    after: after === undefined ? undefined : { ...after, value: 0 },
    limit,
    countMax,
  })
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

const CountRow = z.object({ count: LeaseRow.shape.length })

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

/** Counts no further than `countMax`. */
export async function countIn(
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
