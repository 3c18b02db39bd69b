/** Leases as comma-separated values (RFC 4180). */
import { leaseExportColumns } from '@tandem/api-contract'
import type { Lease } from '@tandem/api-contract'
import { stringify } from 'csv-stringify/sync'

type Column = (typeof leaseExportColumns)[number]

const options = {
  columns: [...leaseExportColumns],
  record_delimiter: 'windows',
  // What clients and relays say must not run in the spreadsheet of who opens the file.
  escape_formulas: true,
  cast: { boolean: String },
} as const

export function exportHeader(): string {
  return stringify([], { ...options, header: true })
}

export function exportLines(leases: readonly Lease[]): string {
  return stringify(leases.map(toRecord), options)
}

function toRecord(lease: Lease): Readonly<Record<Column, string | number | boolean | null>> {
  const relay = lease.relays.at(-1)
  return {
    lease: lease.lease,
    kind: lease.kind,
    state: lease.state,
    stateSince: lease.stateSince,
    stateExpiresAt: lease.stateExpiresAt,
    clientDuid: lease.client?.duid ?? null,
    iaType: lease.client?.iaType ?? null,
    iaid: lease.client?.iaid ?? null,
    hostName: lease.clientHostName,
    subnetId: lease.subnetId,
    relationship: lease.relationship,
    clientHeardAt: lease.clientHeardAt,
    partnerHeardClientAt: lease.partnerHeardClientAt,
    owedToPartner: lease.owedToPartner,
    relayAddress: relay?.address ?? null,
    linkAddress: relay?.linkAddress ?? null,
    interfaceId: relay?.interfaceId ?? null,
    remoteId: relay?.remoteId ?? null,
  }
}
