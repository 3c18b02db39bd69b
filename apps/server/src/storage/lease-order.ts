/** The orders in which leases are listed, and the SQL of each: a value if there is one, then kind, address and length. */
import type { LeaseKey, LeaseRow } from './leases.queries.ts'
import type { SqlValue } from './sql-value.ts'

export interface LeaseOrder {
  readonly by: 'key' | 'statusSince' | 'statusExpiresAt'
  readonly isDescending: boolean
}

/** Where a page begins: after this one. `value` is what the order is by; 0 for the key alone. */
export interface LeasePlace extends LeaseKey {
  readonly value: number
}

export const KEY_ORDER: LeaseOrder = { by: 'key', isDescending: false }

export function isKeyOrder({ by, isDescending }: LeaseOrder): boolean {
  return by === 'key' && !isDescending
}

/** Beyond every time, in milliseconds. */
const LAST = Number.MAX_SAFE_INTEGER
const BEFORE_ALL = -1

/** What has no end comes last, whichever way round. */
const endless = ({ isDescending }: LeaseOrder): number => (isDescending ? BEFORE_ALL : LAST)

export function placeOf(
  order: LeaseOrder,
  row: LeaseKey & Pick<LeaseRow, 'statusSince' | 'statusExpiresAt'>,
): LeasePlace {
  const { kind, address, length, statusSince, statusExpiresAt } = row
  const key = { kind, address, length }
  if (order.by === 'key') return { ...key, value: 0 }
  return { ...key, value: order.by === 'statusSince' ? statusSince : (statusExpiresAt ?? endless(order)) }
}

/** Negative: `a` comes before `b`. */
export function comparePlaces({ isDescending }: LeaseOrder, a: LeasePlace, b: LeasePlace): number {
  const upward =
    a.value - b.value || compareText(a.kind, b.kind) || Buffer.compare(a.address, b.address) || a.length - b.length
  return isDescending ? -upward : upward
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

/** The names that the columns of an order have. */
export interface PlaceColumns {
  readonly value: string | undefined
  readonly kind: string
  readonly address: string
  readonly length: string
}

/** Orders of which there is an index. */
export type WalkedOrder = Exclude<LeaseOrder['by'], 'statusExpiresAt'>

export interface OrderedLeases {
  /** What stands behind FROM: all leases, with the columns of the order beside their own. */
  readonly from: string
  /** The same without the columns of the leases. */
  readonly fromPlaces: string
  readonly columns: PlaceColumns
}

const KEY_COLUMNS = { value: undefined, kind: '"kind"', address: '"address"', length: '"length"' }

const byKey: OrderedLeases = { from: '"Binding"', fromPlaces: '"Binding"', columns: KEY_COLUMNS }

/** A table that is kept beside the leases (lease-search-tables.ts). */
export function orderedInFile(by: WalkedOrder): OrderedLeases {
  if (by === 'key') return byKey
  return {
    // The order of a CROSS JOIN is kept.
    from: `"LeaseSearchSince" CROSS JOIN "Binding" ON "kind" = "ofKind" AND "address" = "ofAddress" AND "length" = "ofLength"`,
    fromPlaces: '"LeaseSearchSince"',
    columns: { value: '"since"', kind: '"ofKind"', address: '"ofAddress"', length: '"ofLength"' },
  }
}

export function orderedInPostgresql(by: WalkedOrder): OrderedLeases {
  return by === 'key' ? byKey : { ...byKey, columns: { ...KEY_COLUMNS, value: '"statusSince"' } }
}

/** Of the table itself, without an index. */
export function plainColumns(order: LeaseOrder): PlaceColumns {
  if (order.by === 'key') return KEY_COLUMNS
  return {
    ...KEY_COLUMNS,
    value: order.by === 'statusSince' ? '"statusSince"' : `COALESCE("statusExpiresAt", ${endless(order)})`,
  }
}

export interface OrderText {
  /** Behind ORDER BY. */
  readonly orderBy: string
  /** A condition on a row: that it comes after a place, whose values are `valuesOf`. */
  readonly isAfter: string
  /** A condition: that it comes no later than a place. */
  readonly isThrough: string
  readonly valuesOf: (place: LeasePlace) => readonly SqlValue[]
}

export function orderText({ isDescending }: LeaseOrder, { value, kind, address, length }: PlaceColumns): OrderText {
  const columns = [...(value === undefined ? [] : [value]), kind, address, length]
  const tuple = `(${columns.join(', ')})`
  const marks = `(${columns.map(() => '?').join(', ')})`
  return {
    orderBy: columns.map((column) => (isDescending ? `${column} DESC` : column)).join(', '),
    isAfter: `${tuple} ${isDescending ? '<' : '>'} ${marks}`,
    isThrough: `${tuple} ${isDescending ? '>=' : '<='} ${marks}`,
    valuesOf: (place) => [...(value === undefined ? [] : [place.value]), place.kind, place.address, place.length],
  }
}
