/** Stretches of the table of leases along its key, with what two servers are to have alike of each lease (decision 0128). */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { KEY_ORDER, orderText, plainColumns, type LeasePlace } from './lease-order.ts'
import { AFTER_ALL_LENGTHS, BEFORE_ALL_LENGTHS, FIRST_ADDRESS, LAST_ADDRESS } from './lease-pieces.ts'
import { LeaseRow, type LeaseKey } from './leases.queries.ts'

export const ComparedRow = LeaseRow.pick({
  kind: true,
  address: true,
  length: true,
  relationship: true,
  status: true,
  clientDuid: true,
  clientIaType: true,
  clientIaid: true,
  expirationTime: true,
  ackedPartnerLifetime: true,
  owedToPartner: true,
  commitNumber: true,
})
export type ComparedRow = z.output<typeof ComparedRow>

const COLUMNS = Object.keys(ComparedRow.shape)
  .map((column) => `"${column}"`)
  .join(', ')

const FIRST: LeaseKey = { kind: 'address', address: FIRST_ADDRESS, length: BEFORE_ALL_LENGTHS }
const LAST: LeaseKey = { kind: 'prefix', address: LAST_ADDRESS, length: AFTER_ALL_LENGTHS }

export interface StretchBounds {
  /** Not itself; undefined: from the first lease on. */
  readonly after: LeaseKey | undefined
  /** Itself too; undefined: to the last lease. */
  readonly through: LeaseKey | undefined
}

/** In the order of the keys, of whatever relationship; `limit` of them at most. */
export async function readStretch(
  { reader }: ConsoleDatabase,
  { after, through }: StretchBounds,
  limit: number,
): Promise<readonly ComparedRow[]> {
  const { orderBy, isAfter, isThrough, valuesOf } = orderText(KEY_ORDER, plainColumns(KEY_ORDER))
  const rows = await reader.all(
    `SELECT ${COLUMNS} FROM "Binding" WHERE ${isAfter} AND ${isThrough} ORDER BY ${orderBy} LIMIT ?`,
    [...valuesOf(placeOf(after ?? FIRST)), ...valuesOf(placeOf(through ?? LAST)), limit],
  )
  return z.array(ComparedRow).parse(rows)
}

/** Of those that have a record of this relationship, by `leaseKeyText`: the commit that last wrote it. */
export async function readCommitNumbers(
  { reader }: ConsoleDatabase,
  keys: readonly LeaseKey[],
  relationship: string,
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map()
  const each = keys.map(() => '("kind" = ? AND "address" = ? AND "length" = ?)').join(' OR ')
  const rows = await reader.all(
    `SELECT "kind", "address", "length", "commitNumber" FROM "Binding" WHERE (${each}) AND "relationship" = ?`,
    [...keys.flatMap(({ kind, address, length }) => [kind, address, length]), relationship],
  )
  return new Map(
    z
      .array(NumberedRow)
      .parse(rows)
      .map((row) => [leaseKeyText(row), row.commitNumber]),
  )
}

const NumberedRow = LeaseRow.pick({ kind: true, address: true, length: true, commitNumber: true })

function placeOf(key: LeaseKey): LeasePlace {
  return { ...key, value: 0 }
}

const LETTERS = { address: 'a', prefix: 'p' } as const

/** Texts are in the order of the keys. */
export function leaseKeyText({ kind, address, length }: LeaseKey): string {
  return `${LETTERS[kind]}${Buffer.from(address).toString('hex')}-${String(length).padStart(3, '0')}`
}

const KEY_TEXT = /^(?<letter>[ap])(?<hex>[0-9a-f]{32})-(?<length>0\d\d|1[01]\d|12[0-8])$/u

/** Undefined: it is no such text. */
export function leaseKeyFromText(text: string): LeaseKey | undefined {
  const { letter, hex, length } = KEY_TEXT.exec(text)?.groups ?? {}
  if (letter === undefined || hex === undefined || length === undefined) return undefined
  return {
    kind: letter === LETTERS.address ? 'address' : 'prefix',
    address: new Uint8Array(Buffer.from(hex, 'hex')),
    length: Number(length),
  }
}
