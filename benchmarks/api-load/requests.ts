/** What the readers of the API ask, one after the other: pages, searches, pools, relationships, counters. */
import { formatDuid, formatIpv6Address, type Ipv6Address } from '@tandem/protocol'
import { clientDuid } from '../engines/client-octets.ts'
import { leaseOf } from '../engines/filled-table.ts'

export const requestKinds = [
  'page',
  'address',
  'prefix',
  'DUID part',
  'DUID',
  'DUID part in a state',
  'IAID',
  'host name',
  'rare state',
  'changed last',
  'highest first',
  'ends first',
  'one lease',
  'history',
  'pools',
  'relationships',
  'counters',
] as const
export type RequestKind = (typeof requestKinds)[number]

export interface Reader {
  /** Of the leases in the store: searched ones are there. */
  readonly leases: number
  /** From 0 to below 1. */
  readonly chance: () => number
  /** Where the page of before ended; undefined: at the beginning. */
  readonly cursor: string | undefined
}

const PER_PAGE = 50

/** Below `/api/v1`. */
export function pathOf(kind: RequestKind, { leases, chance, cursor }: Reader): string {
  const client = Math.floor(chance() * leases)
  const address = formatIpv6Address(leaseOf(client))
  switch (kind) {
    case 'page':
      return leasesBy(cursor === undefined ? {} : { cursor })
    case 'address':
      return leasesBy({ address })
    case 'prefix':
      return leasesBy({ address: `${formatIpv6Address(startOfPrefix(leaseOf(client)))}/120` })
    case 'DUID part':
      // The last four octets, which tell clients apart: one lease is found.
      return leasesBy({ duid: formatDuid(clientDuid(client)).slice(-11) })
    case 'DUID':
      return leasesBy({ duid: formatDuid(clientDuid(client)) })
    case 'DUID part in a state':
      return leasesBy({ duid: formatDuid(clientDuid(client)).slice(-8), state: 'active' })
    case 'IAID':
      return leasesBy({ iaid: '1' })
    case 'host name':
      return leasesBy({ hostName: 'nobody-is-called-this' })
    case 'rare state':
      return leasesBy({ state: 'abandoned' })
    case 'changed last':
      return leasesBy({ sort: '-stateSince' })
    case 'highest first':
      return leasesBy({ sort: '-lease' })
    case 'ends first':
      return leasesBy({ address: `${formatIpv6Address(startOfPrefix(leaseOf(client)))}/120`, sort: 'stateExpiresAt' })
    case 'one lease':
      return `/leases/${address}`
    case 'history':
      return `/leases/${address}/history`
    case 'pools':
      return '/pools'
    case 'relationships':
      return '/relationships'
    case 'counters':
      return '/server'
  }
}

function leasesBy(query: Readonly<Record<string, string>>): string {
  return `/leases?${new URLSearchParams({ limit: String(PER_PAGE), ...query }).toString()}`
}

/** Of the 256 addresses that this one is among. */
function startOfPrefix(address: Ipv6Address): Ipv6Address {
  return ((address >> 8n) << 8n) as Ipv6Address
}
