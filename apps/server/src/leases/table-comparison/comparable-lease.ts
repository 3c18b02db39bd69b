/** What is compared of a lease, from its row. */
import type { ComparableLease } from '../../http/channel-views.ts'
import { isoOrNull } from '../../http/view-values.ts'
import { leaseKeyText } from '../../storage/lease-stretches.queries.ts'
import type { ComparedRow } from '../../storage/lease-stretches.queries.ts'
import { clientOf, leaseStateOf } from '../lease.view.ts'

export function comparableLease(row: ComparedRow): ComparableLease {
  return {
    key: leaseKeyText(row),
    kind: row.kind,
    state: leaseStateOf(row.status),
    client: clientOf(row),
    ackedPartnerLifetime: isoOrNull(row.ackedPartnerLifetime),
    expirationTime: isoOrNull(row.expirationTime),
    owedToPartner: row.owedToPartner !== 0,
  }
}
