/** A lease event as it is told to machines, from its row. */
import { LeaseEvent } from '@tandem/api-contract'
import {
  duidFromBytes,
  formatDuid,
  formatIpv6Address,
  formatIpv6Prefix,
  ipv6AddressFromBytes,
  makePrefix,
} from '@tandem/protocol'
import { relayPathOf } from '../http/relay-hops.ts'
import { countOf, isoOf, isoOrNull } from '../http/view-values.ts'
import type { LeaseEventRow } from '../storage/lease-events.queries.ts'
import { positionText } from './event-position.ts'

export interface EventSource {
  readonly origin: string
  /** Name of this server. */
  readonly server: string
}

export function toLeaseEventView(row: LeaseEventRow, { origin, server }: EventSource): LeaseEvent {
  const address = ipv6AddressFromBytes(row.address)
  const path = row.relayData === null ? { hops: [], client: null } : relayPathOf(row.relayData)
  return {
    id: positionText(origin, row),
    at: isoOf(row.at),
    event: LeaseEvent.shape.event.parse(row.event),
    reason: LeaseEvent.shape.reason.parse(row.reason),
    kind: row.kind,
    lease: row.kind === 'address' ? formatIpv6Address(address) : formatIpv6Prefix(makePrefix(address, row.length)),
    subnetId: row.subnetId,
    relationship: row.relationship,
    client: clientOf(row),
    validUntil: isoOrNull(row.expiresAt),
    clientHeardAt: isoOrNull(row.heardAt),
    nextHop: path.client,
    relays: path.hops,
    server,
    commitNumber: countOf(row.commitNumber),
  }
}

function clientOf({ clientDuid, clientIaType, clientIaid }: LeaseEventRow): LeaseEvent['client'] {
  if (clientDuid === null || clientIaType === null || clientIaid === null) return null
  return LeaseEvent.shape.client.parse({
    duid: formatDuid(duidFromBytes(clientDuid)),
    iaType: clientIaType,
    iaid: clientIaid,
  })
}
