/** Reads lease events through a filter, a bounded piece of the table at a time. */
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listLeaseEventRows, type EventPlace, type LeaseEventRow } from '../storage/lease-events.queries.ts'

/** Empty: all. */
export interface EventFilter {
  readonly subnets: readonly string[]
  readonly kinds: readonly string[]
  readonly events: readonly string[]
}

export interface EventPiece {
  readonly rows: readonly LeaseEventRow[]
  /** Behind the last event that was looked at. */
  readonly next: EventPlace
  /** There is more to look at. */
  readonly more: boolean
}

const PIECE_ROWS = 500
/** Of one piece: what a filter lets nothing through of must not hold the thread up. */
const LOOKED_AT_MAX = 5000

export interface ReadBounds {
  readonly limit: number
  /** Of the tables, read before: whoever has come to the end has seen all commits up to it, also those without events. */
  readonly lastCommitNumber: number
}

export async function readEvents(
  database: ConsoleDatabase,
  after: EventPlace,
  filter: EventFilter,
  { limit, lastCommitNumber }: ReadBounds,
): Promise<EventPiece> {
  const rows: LeaseEventRow[] = []
  let next = after
  for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX; lookedAt += PIECE_ROWS) {
    const piece = await listLeaseEventRows(database, next, PIECE_ROWS)
    for (const [index, row] of piece.entries()) {
      next = { commitNumber: row.commitNumber, sequence: row.sequence }
      if (!lets(filter, row)) continue
      rows.push(row)
      if (rows.length === limit) return { rows, next, more: index + 1 < piece.length || piece.length === PIECE_ROWS }
    }
    if (piece.length < PIECE_ROWS) return { rows, next: atLeast(next, lastCommitNumber), more: false }
  }
  return { rows, next, more: true }
}

function atLeast(place: EventPlace, commitNumber: number): EventPlace {
  return place.commitNumber > commitNumber ? place : { commitNumber, sequence: undefined }
}

function lets({ subnets, kinds, events }: EventFilter, { subnetId, kind, event }: LeaseEventRow): boolean {
  const admits = (values: readonly string[], value: string): boolean => values.length === 0 || values.includes(value)
  return admits(subnets, subnetId) && admits(kinds, kind) && admits(events, event)
}
