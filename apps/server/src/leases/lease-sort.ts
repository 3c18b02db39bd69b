/** The order in which a caller wants leases, and the cursors of its pages. */
import type { LeaseSort } from '@tandem/api-contract'
import { decodeCursor, wrongCursor } from '../http/cursor.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { FOUND_MAX } from '../storage/found-leases.queries.ts'
import type { LeaseOrder, LeasePlace } from '../storage/lease-order.ts'

const orders: Readonly<Record<LeaseSort, LeaseOrder>> = {
  lease: { by: 'key', isDescending: false },
  '-lease': { by: 'key', isDescending: true },
  stateSince: { by: 'statusSince', isDescending: false },
  '-stateSince': { by: 'statusSince', isDescending: true },
  stateExpiresAt: { by: 'statusExpiresAt', isDescending: false },
  '-stateExpiresAt': { by: 'statusExpiresAt', isDescending: true },
}

export function toLeaseOrder(sort: LeaseSort): LeaseOrder {
  return orders[sort]
}

type CursorPart = string | number

/** With the order that they are of: in another one the same place would leave leases out. */
export function cursorPartsOf(sort: LeaseSort, { value, kind, address, length }: LeasePlace): readonly CursorPart[] {
  const key = [kind, Buffer.from(address).toString('hex'), length]
  return sort === 'lease' ? key : [...key, sort, value]
}

export function placeOfCursor(sort: LeaseSort, cursor: string): LeasePlace {
  const [kind, hex, length, ofSort, value] = decodeCursor(cursor, sort === 'lease' ? 3 : 5)
  if ((kind !== 'address' && kind !== 'prefix') || typeof hex !== 'string' || typeof length !== 'number') {
    throw wrongCursor()
  }
  const key = { kind, address: Buffer.from(hex, 'hex'), length } as const
  if (sort === 'lease') return { ...key, value: 0 }
  if (ofSort !== sort || typeof value !== 'number') throw wrongCursor()
  return { ...key, value }
}

export function tooManyToSort(): HttpProblem {
  const most = FOUND_MAX.toLocaleString('en')
  return new HttpProblem('invalid-request', {
    detail: `query.sort: more than ${most} leases are found, which is more than are sorted by their end`,
    remedy: 'Search for fewer, for example for one subnet or a prefix, or sort by stateSince.',
    fields: [{ field: 'query.sort', message: `sorts ${most} leases at most; more are found` }],
  })
}
