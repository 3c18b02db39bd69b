/** A lease as the API shows it, from its row. */
import { leaseKeyOf, leaseStates } from '@tandem/api-contract'
import type { Lease } from '@tandem/api-contract'
import {
  duidFromBytes,
  formatDuid,
  formatIpv6Address,
  formatIpv6Prefix,
  formatOctets,
  ipv6AddressFromBytes,
  makePrefix,
} from '@tandem/protocol'
import type { BindingStatus } from '@tandem/engine'
import { isoOf, isoOrNull } from '../http/view-values.ts'
import { withVersion } from '../http/version.ts'
import type { LeaseRow } from '../storage/leases.queries.ts'
import { hostNameOf } from './host-name.ts'
import { toLifetimeView } from './lease-lifetime.view.ts'
import { relayHopsOf } from '../http/relay-hops.ts'

export function toLeaseView(row: LeaseRow): Lease {
  const address = ipv6AddressFromBytes(row.address)
  const lease = row.kind === 'address' ? formatIpv6Address(address) : formatIpv6Prefix(makePrefix(address, row.length))
  return withVersion({
    lease,
    key: leaseKeyOf(lease),
    kind: row.kind,
    subnetId: row.subnetId,
    relationship: row.relationship,
    state: leaseStateOf(row.status),
    stateSince: isoOf(row.statusSince),
    stateExpiresAt: isoOrNull(row.statusExpiresAt),
    client: clientOf(row),
    t1Seconds: row.t1Seconds,
    t2Seconds: row.t2Seconds,
    preferredSeconds: row.preferredSeconds,
    validSeconds: row.validSeconds,
    lifetime: toLifetimeView(row, statusOf(row.status)),
    clientHeardAt: isoOrNull(row.clientHeardAt),
    partnerHeardClientAt: isoOrNull(row.partnerHeardClientAt),
    expirationTime: isoOrNull(row.expirationTime),
    ackedPartnerLifetime: isoOrNull(row.ackedPartnerLifetime),
    partnerLifetime: isoOrNull(row.partnerLifetime),
    owedToPartner: row.owedToPartner !== 0,
    clientHostName: row.clientFqdn === null ? null : hostNameOf(row.clientFqdn),
    relays: row.relayData === null ? [] : relayHopsOf(row.relayData),
    relayData: row.relayData === null ? null : formatOctets(row.relayData),
  })
}

const IA_TYPES = ['IA_NA', 'IA_TA', 'IA_PD'] as const

export function clientOf({
  clientDuid,
  clientIaType,
  clientIaid,
}: Pick<LeaseRow, 'clientDuid' | 'clientIaType' | 'clientIaid'>): Lease['client'] {
  const iaType = IA_TYPES.find((each) => each === clientIaType)
  if (clientDuid === null || iaType === undefined || clientIaid === null) return null
  return { duid: formatDuid(duidFromBytes(clientDuid)), iaType, iaid: clientIaid }
}

const STATUSES = ['ACTIVE', 'EXPIRED', 'RELEASED', 'FREE', 'FREE-BACKUP', 'ABANDONED', 'RESET'] as const

function statusOf(status: string): BindingStatus {
  const found = STATUSES.find((each) => each === status)
  if (found === undefined) throw new Error(`${status} is not a binding status`)
  return found
}

export function leaseStateOf(status: string): Lease['state'] {
  const lower = status.toLowerCase()
  const found = leaseStates.find((state) => state === lower)
  if (found === undefined) throw new Error(`${status} is not a binding status`)
  return found
}
