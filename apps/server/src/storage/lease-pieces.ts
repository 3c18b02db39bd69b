/**
 * The table of leases in pieces along its key. A walk looks at a bounded piece at a time and lets the thread do something else
 * in between, so that no search holds up the rest of the API.
 */
import * as z from 'zod'
import type { ConsoleDatabase } from './console-database.ts'
import { whereOf, type LeaseFilter } from './lease-filter.ts'
import { LeaseRow, type LeaseKey } from './leases.queries.ts'
import type { SqlValue } from './sql-value.ts'
import { Turns } from './turns.ts'

/** Rows looked at before others have their turn: a few milliseconds. */
export const PIECE_ROWS = 4096

/** Of all searches of this thread: many at a time hold it up no longer than one. */
export const turns = new Turns()

type Kind = LeaseKey['kind']
type End = Pick<LeaseKey, 'address' | 'length'>

/** Rows of one kind after `after` and through `through`: a stretch of the primary key. */
export interface Piece {
  readonly kind: Kind
  readonly after: End
  readonly through: End
}

/** In the order of the keys themselves. */
export const KINDS: readonly Kind[] = ['address', 'prefix']
export const BEFORE_ALL_LENGTHS = -1
export const AFTER_ALL_LENGTHS = 129
export const FIRST_ADDRESS = new Uint8Array(16)
export const LAST_ADDRESS = new Uint8Array(16).fill(0xff)

export async function* piecesOf(
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

export const IN_PIECE = '"kind" = ? AND ("address", "length") > (?, ?) AND ("address", "length") <= (?, ?)'

export function valuesOf({ kind, after, through }: Piece): readonly SqlValue[] {
  return [kind, after.address, after.length, through.address, through.length]
}

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
