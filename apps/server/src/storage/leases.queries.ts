/** Lists of leases, read page by page by key from the table that the storage worker writes. */
import * as z from 'zod'
import type { ConsoleDatabase, ListReader } from './console-database.ts'

/** The driver gives the octets of a list as an ArrayBuffer and those of a single row as a Buffer. */
const Octets = z
  .union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)])
  .transform((octets) => new Uint8Array(octets))
const integer = z.union([z.number(), z.bigint()]).transform(Number)

const LeaseRow = z.object({
  kind: z.enum(['address', 'prefix']),
  address: Octets,
  length: integer,
  subnetId: z.string(),
  relationship: z.string().nullable(),
  status: z.string(),
  clientDuid: Octets.nullable(),
  clientIaType: z.string().nullable(),
  clientIaid: integer.nullable(),
  statusSince: integer,
  statusExpiresAt: integer.nullable(),
  t1Seconds: integer,
  t2Seconds: integer,
  preferredSeconds: integer,
  validSeconds: integer,
  lifetimeRule: z.string().nullable(),
  lifetimeAcked: integer.nullable(),
  clientHeardAt: integer.nullable(),
  partnerHeardClientAt: integer.nullable(),
  expirationTime: integer.nullable(),
  ackedPartnerLifetime: integer.nullable(),
  partnerLifetime: integer.nullable(),
  owedToPartner: integer,
  relayData: Octets.nullable(),
  clientFqdn: Octets.nullable(),
})
export type LeaseRow = z.output<typeof LeaseRow>

const COLUMNS = Object.keys(LeaseRow.shape)
  .map((column) => `"${column}"`)
  .join(', ')

export interface LeaseKey {
  readonly kind: 'address' | 'prefix'
  readonly address: Uint8Array
  readonly length: number
}

export interface LeaseFilter {
  /** First and last address of a range, 16 octets each. */
  readonly within: { readonly first: Uint8Array; readonly last: Uint8Array } | undefined
  /** Any part of the hexadecimal digits, upper case, without colons. */
  readonly duidPart: string | undefined
  readonly subnetId: string | undefined
  readonly status: string | undefined
  readonly kind: 'address' | 'prefix' | undefined
}

type Value = string | number | Uint8Array

interface Where {
  readonly text: string
  readonly values: readonly Value[]
}

function whereOf(reader: ListReader, filter: LeaseFilter): Where {
  const parts: (readonly [string, ...Value[]])[] = []
  if (filter.kind !== undefined) parts.push(['"kind" = ?', filter.kind])
  if (filter.within !== undefined) parts.push(['"address" BETWEEN ? AND ?', filter.within.first, filter.within.last])
  if (filter.subnetId !== undefined) parts.push(['"subnetId" = ?', filter.subnetId])
  if (filter.status !== undefined) parts.push(['"status" = ?', filter.status])
  if (filter.duidPart !== undefined) parts.push([reader.hexContains('"clientDuid"'), filter.duidPart])
  return {
    text: parts.length === 0 ? 'true' : parts.map(([text]) => text).join(' AND '),
    values: parts.flatMap(([, ...values]) => values),
  }
}

/** In the order of kind, address and length; `after` is the key of the last one of the page before. */
export async function listLeaseRows(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  { after, limit }: { readonly after: LeaseKey | undefined; readonly limit: number },
): Promise<readonly LeaseRow[]> {
  const where = whereOf(reader, filter)
  const from = after === undefined ? '' : ' AND ("kind", "address", "length") > (?, ?, ?)'
  const values = after === undefined ? where.values : [...where.values, after.kind, after.address, after.length]
  const rows = await reader.all(
    `SELECT ${COLUMNS} FROM "Binding" WHERE ${where.text}${from} ORDER BY "kind", "address", "length" LIMIT ${limit}`,
    values,
  )
  return z.array(LeaseRow).parse(rows)
}

/** Counts no further than `countMax`: a whole count of a million rows is not worth a page's time. */
export async function countLeaseRows(
  { reader }: ConsoleDatabase,
  filter: LeaseFilter,
  countMax: number,
): Promise<number> {
  const where = whereOf(reader, filter)
  const [row] = await reader.all(
    `SELECT count(*) AS "count" FROM (SELECT 1 FROM "Binding" WHERE ${where.text} LIMIT ${countMax}) AS "found"`,
    where.values,
  )
  return z.object({ count: integer }).parse(row).count
}

export async function findLeaseRow(
  { reader }: ConsoleDatabase,
  { kind, address, length }: LeaseKey,
): Promise<LeaseRow | undefined> {
  const [row] = await reader.all(
    `SELECT ${COLUMNS} FROM "Binding" WHERE "kind" = ? AND "address" = ? AND "length" = ?`,
    [kind, address, length],
  )
  return row === undefined ? undefined : LeaseRow.parse(row)
}
