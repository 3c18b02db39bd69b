/** What became of a lease, as a row of its table (prisma/schema.prisma, model LeaseEvent; decision 0109). */
import type { LeaseEvent } from '@tandem/api-contract'
import type { Binding } from '@tandem/engine'
import { BINDING_COLUMNS } from './binding-row.ts'
import type { SqlValue } from './sql-value.ts'

/** One that this server did for a client, or decided itself. */
export interface LeaseEventRecord {
  readonly event: LeaseEvent['event']
  readonly reason: LeaseEvent['reason']
  readonly atMs: number
  /** As the step left it. */
  readonly binding: Binding
}

export const LEASE_EVENT_COLUMNS = [
  'commitNumber',
  'sequence',
  'at',
  'event',
  'reason',
  'kind',
  'address',
  'length',
  'subnetId',
  'relationship',
  'clientDuid',
  'clientIaType',
  'clientIaid',
  'expiresAt',
  'heardAt',
  'relayData',
] as const

/** Of an event, what does not stand in the row of its lease. */
export interface LeaseEventHead {
  readonly commitNumber: number
  readonly sequence: number
  readonly atMs: number
  readonly event: string
  readonly reason: string
}

/** `binding`: the row of the lease, as `bindingToRow` makes it. */
export function leaseEventRow(
  { commitNumber, sequence, atMs, event, reason }: LeaseEventHead,
  binding: readonly SqlValue[],
): readonly SqlValue[] {
  const at = (column: (typeof BINDING_COLUMNS)[number]): SqlValue => binding[PLACES[column]] ?? null
  return [
    commitNumber,
    sequence,
    atMs,
    event,
    reason,
    at('kind'),
    at('address'),
    at('length'),
    at('subnetId'),
    at('relationship'),
    at('clientDuid'),
    at('clientIaType'),
    at('clientIaid'),
    event === 'ended' ? null : at('statusExpiresAt'),
    later(at('clientHeardAt'), at('partnerHeardClientAt')),
    at('relayData'),
  ]
}

function later(a: SqlValue, b: SqlValue): SqlValue {
  if (a === null || b === null) return a ?? b
  return Number(a) >= Number(b) ? a : b
}

// `fromEntries` forgets which keys it was given; they are exactly the columns.
const PLACES = Object.fromEntries(BINDING_COLUMNS.map((column, index) => [column, index] as const)) as Readonly<
  Record<(typeof BINDING_COLUMNS)[number], number>
>
