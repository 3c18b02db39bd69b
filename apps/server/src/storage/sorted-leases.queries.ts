/** Pages of leases in another order than that of their keys (decision 0118). */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { FOUND_MAX, readFoundPage, type LeasePageRows, type SortedPageQuery } from './found-leases.queries.ts'
import { whereOf, type LeaseFilter } from './lease-filter.ts'
import { comparePlaces, orderText, placeOf, type LeaseOrder, type LeasePlace, type WalkedOrder } from './lease-order.ts'
import {
  AFTER_ALL_LENGTHS,
  BEFORE_ALL_LENGTHS,
  FIRST_ADDRESS,
  IN_PIECE,
  KINDS,
  LAST_ADDRESS,
  PIECE_ROWS,
  piecesOf,
  turns,
  valuesOf,
  type Piece,
} from './lease-pieces.ts'
import { countIn } from './lease-pages.queries.ts'
import { findLeaseRows, LEASE_COLUMNS, LeaseRow } from './leases.queries.ts'
import type { SqlValue } from './sql-value.ts'

/**
 * Up to `FOUND_MAX` leases are sorted in memory; more are walked through by an index, which there is of the key and of the time
 * of the last change. Undefined: too many, and no index, since each renewal would write it.
 */
export async function readSortedPage(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  query: SortedPageQuery,
): Promise<LeasePageRows | undefined> {
  const found = await readFoundPage(database, filter, query)
  if (found?.rows !== undefined) return { rows: found.rows, count: found.count }
  const places = found === undefined ? await placesOfFew(database, filter, query.order) : undefined
  if (places !== undefined) return pageOfFew(database, places, query)
  const { by, isDescending } = query.order
  if (by === 'statusExpiresAt') return undefined
  return {
    rows: await walk(database, filter, { ...query, order: { by, isDescending } }),
    count: Math.min(FOUND_MAX + 1, query.countMax),
  }
}

const PlaceRow = LeaseRow.pick({
  kind: true,
  address: true,
  length: true,
  statusSince: true,
  statusExpiresAt: true,
})
const PLACE_COLUMNS = Object.keys(PlaceRow.shape)
  .map((column) => `"${column}"`)
  .join(', ')

/**
 * In no order. Undefined: they are more than a few, which counting tells with a fraction of the work of reading them. What was
 * counted as few may be somewhat more when it is read.
 */
async function placesOfFew(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  order: LeaseOrder,
): Promise<readonly LeasePlace[] | undefined> {
  const pieces: Piece[] = []
  let count = 0
  for await (const piece of piecesOf(database, filter, undefined)) {
    const found = await countIn(database, filter, piece, FOUND_MAX + 1 - count)
    count += found
    if (count > FOUND_MAX) return undefined
    if (found > 0) pieces.push(piece)
  }
  const where = whereOf(database.reader, filter)
  const places: LeasePlace[] = []
  for (const piece of pieces) {
    const rows = await database.reader.all(`SELECT ${PLACE_COLUMNS} FROM "Binding" WHERE ${IN_PIECE}${where.text}`, [
      ...valuesOf(piece),
      ...where.values,
    ])
    for (const row of z.array(PlaceRow).parse(rows)) places.push(placeOf(order, row))
    await turns.take()
  }
  return places
}

async function pageOfFew(
  database: ConsoleDatabase,
  places: readonly LeasePlace[],
  { order, after, limit, countMax }: SortedPageQuery,
): Promise<LeasePageRows> {
  const page = places
    .filter((place) => after === undefined || comparePlaces(order, place, after) > 0)
    .toSorted((a, b) => comparePlaces(order, a, b))
    .slice(0, limit)
  // A lease that was renewed between the two readings stands where it belongs now.
  const rows = (await findLeaseRows(database, page)).toSorted((a, b) =>
    comparePlaces(order, placeOf(order, a), placeOf(order, b)),
  )
  return { rows, count: Math.min(places.length, countMax) }
}

/** A part of an order: after `after`, through `through`. */
interface Stretch {
  readonly after: LeasePlace
  readonly through: LeasePlace
}

interface WalkedPageQuery extends SortedPageQuery {
  readonly order: LeaseOrder & { readonly by: WalkedOrder }
}

async function walk(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  { order, after, limit }: WalkedPageQuery,
): Promise<readonly LeaseRow[]> {
  const { from: table, columns } = database.reader.leasesInOrder(order.by)
  const { orderBy, isAfter, isThrough, valuesOf: valuesAt } = orderText(order, columns)
  const where = conditionOf(database, filter, order)
  const rows: LeaseRow[] = []
  for (const stretch of stretchesOf(filter, order)) {
    if (after !== undefined && comparePlaces(order, stretch.through, after) <= 0) continue
    const begin = after === undefined || comparePlaces(order, after, stretch.after) < 0 ? stretch.after : after
    let from: LeasePlace | undefined = begin
    while (from !== undefined && rows.length < limit) {
      const end: LeasePlace | undefined =
        where.text === '' ? undefined : await endOfPiece(database, order, { ...stretch, after: from })
      const found = await database.reader.all(
        `SELECT ${LEASE_COLUMNS} FROM ${table} WHERE ${isAfter} AND ${isThrough}${where.text} ORDER BY ${orderBy} LIMIT ?`,
        [...valuesAt(from), ...valuesAt(end ?? stretch.through), ...where.values, limit - rows.length],
      )
      rows.push(...z.array(LeaseRow).parse(found))
      from = end
      if (from !== undefined) await turns.take()
    }
  }
  return rows
}

/** What the stretches do not tell. */
function conditionOf(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  { by }: LeaseOrder,
): { readonly text: string; readonly values: readonly SqlValue[] } {
  const { text, values } = whereOf(reader, filter)
  const { kind, within } = filter
  if (by === 'key' || (kind === undefined && within === undefined)) return { text, values }
  const ofKind = kind === undefined ? '' : ' AND "kind" = ?'
  const ofRange = within === undefined ? '' : ' AND "address" >= ? AND "address" <= ?'
  return {
    text: `${ofKind}${ofRange}${text}`,
    values: [
      ...(kind === undefined ? [] : [kind]),
      ...(within === undefined ? [] : [within.first, within.last]),
      ...values,
    ],
  }
}

function stretchesOf({ kind: only, within }: LeaseFilter, { by, isDescending }: LeaseOrder): readonly Stretch[] {
  const range = by === 'key' ? within : undefined
  const first = { address: range?.first ?? FIRST_ADDRESS, length: BEFORE_ALL_LENGTHS }
  const last = { address: range?.last ?? LAST_ADDRESS, length: AFTER_ALL_LENGTHS }
  const kinds = only === undefined ? KINDS : [only]
  const upward: readonly Stretch[] =
    by === 'key'
      ? kinds.map((kind) => ({ after: { value: 0, kind, ...first }, through: { value: 0, kind, ...last } }))
      : [
          {
            after: { value: -1, kind: 'address', ...first },
            through: { value: Number.MAX_SAFE_INTEGER, kind: 'prefix', ...last },
          },
        ]
  return isDescending ? upward.map(({ after, through }) => ({ after: through, through: after })).toReversed() : upward
}

/** Undefined: what is left is not more than one piece. */
async function endOfPiece(
  { reader }: ConsoleDatabase,
  order: WalkedPageQuery['order'],
  { after, through }: Stretch,
): Promise<LeasePlace | undefined> {
  const { fromPlaces, columns } = reader.leasesInOrder(order.by)
  const { orderBy, isAfter, isThrough, valuesOf: valuesAt } = orderText(order, columns)
  const [row] = await reader.all(
    `SELECT ${columns.value ?? 0} AS "value", ${columns.kind} AS "kind", ${columns.address} AS "address", ${columns.length} AS "length"
     FROM ${fromPlaces} WHERE ${isAfter} AND ${isThrough} ORDER BY ${orderBy} LIMIT 1 OFFSET ${PIECE_ROWS - 1}`,
    [...valuesAt(after), ...valuesAt(through)],
  )
  return row === undefined ? undefined : EndRow.parse(row)
}

const EndRow = LeaseRow.pick({ kind: true, address: true, length: true }).extend({ value: LeaseRow.shape.statusSince })
