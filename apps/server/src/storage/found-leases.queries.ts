/** Pages of leases that an index finds, where they are not too many to be looked at in one go (decision 0118). */
import * as z from 'zod'
import type { ConsoleDatabase, ListReader } from './console-database.ts'
import { whereOf, type LeaseFilter } from './lease-filter.ts'
import { orderText, plainColumns, type LeaseOrder, type LeasePlace } from './lease-order.ts'
import { indexedWords, withTailOfDuid, type FoundLeases } from './lease-words.ts'
import { LEASE_COLUMNS, LeaseRow, type LeaseKey } from './leases.queries.ts'
import type { SqlValue } from './sql-value.ts'

export interface LeasePageQuery {
  /** The key of the last one of the page before. */
  readonly after: LeaseKey | undefined
  readonly limit: number
  /** Counts no further: a whole count of a million rows is not worth a page's time. */
  readonly countMax: number
}

export interface SortedPageQuery extends Omit<LeasePageQuery, 'after'> {
  readonly order: LeaseOrder
  /** The last one of the page before. */
  readonly after: LeasePlace | undefined
}

export interface LeasePageRows {
  /** In the order that was asked for. */
  readonly rows: readonly LeaseRow[]
  /** Of all that the filter lets through, up to `countMax`. */
  readonly count: number
}

/** Of more than these a walk along an index soon has a page, and by their end they are not sorted. */
export const FOUND_MAX = 10_000

export interface FoundPage {
  /** Undefined: they are too many, and a walk along the key has to find them. */
  readonly rows: readonly LeaseRow[] | undefined
  readonly count: number
}

/** Undefined: no index is of use, or not by itself. */
export async function readFoundPage(
  database: ConsoleDatabase,
  filter: LeaseFilter,
  query: SortedPageQuery,
): Promise<FoundPage | undefined> {
  for (const { found, isAll, atMost } of waysTo(database.reader, filter)) {
    const count = await countFound(database, found, atMost + 1)
    if (count <= atMost) return readPage(database, filter, found, query)
    // More than are counted, and all of them pass.
    if (isAll && query.countMax <= count) return { rows: undefined, count: query.countMax }
  }
  return undefined
}

/** Of those that are more than what is wanted so many rows are looked at. */
const TAILS_MAX = 1_000

interface Way {
  readonly found: FoundLeases
  /** The filter asks for nothing else. */
  readonly isAll: boolean
  /** Of use where it finds no more. */
  readonly atMost: number
}

function waysTo(reader: ListReader, filter: LeaseFilter): readonly Way[] {
  const { status, kind, within, duidPart, hostNameParts } = filter
  const words = indexedWords(filter)
  const isAnywhere = kind === undefined && within === undefined
  const isAllOf = (others: LeaseFilter): boolean => isAnywhere && whereOf(reader, others).text === ''
  const areWordsAll = words?.duidPart === duidPart && words?.hostNameParts.length === hostNameParts.length
  const tail = words === undefined ? undefined : withTailOfDuid(words)
  return [
    ...(tail === undefined ? [] : [{ found: reader.leasesWith(tail), isAll: false, atMost: TAILS_MAX }]),
    ...(words === undefined
      ? []
      : [
          {
            found: reader.leasesWith(words),
            isAll: areWordsAll && isAllOf({ ...filter, ...NO_WORDS }),
            atMost: FOUND_MAX,
          },
        ]),
    ...(status === undefined || status === 'ACTIVE'
      ? []
      : [
          {
            found: reader.leasesNotActive(status),
            isAll: isAllOf({ ...filter, status: undefined }),
            atMost: FOUND_MAX,
          },
        ]),
  ]
}

const NO_WORDS = { duidPart: undefined, iaid: undefined, hostNameParts: [] } as const

const CountRow = z.object({ count: LeaseRow.shape.length })

async function countFound(
  { reader }: ConsoleDatabase,
  { fromToCount, values }: FoundLeases,
  countMax: number,
): Promise<number> {
  const [row] = await reader.all(
    `SELECT count(*) AS "count" FROM (SELECT 1 FROM ${fromToCount} LIMIT ?) AS "counted"`,
    [...values, countMax],
  )
  return CountRow.parse(row).count
}

async function readPage(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  found: FoundLeases,
  { order, after, limit, countMax }: SortedPageQuery,
): Promise<LeasePageRows> {
  const { orderBy, isAfter, valuesOf } = orderText(order, plainColumns(order))
  const where = whereOf(reader, filter)
  const { kind, within } = filter
  const parts: readonly (readonly [text: string, ...values: SqlValue[]])[] = [
    ...(kind === undefined ? [] : [['"kind" = ?', kind] as const]),
    ...(within === undefined ? [] : [['"address" >= ? AND "address" <= ?', within.first, within.last] as const]),
  ]
  const passing = `${found.from} WHERE 1 = 1${parts.map(([text]) => ` AND ${text}`).join('')}${where.text}`
  const values = [...found.values, ...parts.flatMap(([, ...each]) => each), ...where.values]
  const afterText = after === undefined ? '' : ` AND ${isAfter}`
  const afterValues = after === undefined ? [] : valuesOf(after)
  const rows = await reader.all(`SELECT ${LEASE_COLUMNS} FROM ${passing}${afterText} ORDER BY ${orderBy} LIMIT ?`, [
    ...values,
    ...afterValues,
    limit,
  ])
  const page = z.array(LeaseRow).parse(rows)
  if (after === undefined && page.length < limit) return { rows: page, count: Math.min(page.length, countMax) }
  const [row] = await reader.all(`SELECT count(*) AS "count" FROM (SELECT 1 FROM ${passing} LIMIT ?) AS "counted"`, [
    ...values,
    countMax,
  ])
  return { rows: page, count: CountRow.parse(row).count }
}
