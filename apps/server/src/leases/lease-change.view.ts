/** One change of a lease as the API shows it, from its row. */
import { LeaseChange } from '@tandem/api-contract'
import { countOf, duidOrNull, isoOf, isoOrNull } from '../http/view-values.ts'
import type { LeaseChangeRow } from '../storage/records.queries.ts'
import { leaseStateOf } from './lease.view.ts'

export function toLeaseChangeView(row: LeaseChangeRow): LeaseChange {
  return {
    id: String(row.id),
    at: isoOf(Number(row.at)),
    from: row.fromStatus === null ? null : leaseStateOf(row.fromStatus),
    to: leaseStateOf(row.toStatus),
    cause: LeaseChange.shape.cause.parse(row.cause),
    clientDuid: duidOrNull(row.clientDuid),
    expiresAt: isoOrNull(row.expiresAt),
    commitNumber: countOf(row.commitNumber),
  }
}
