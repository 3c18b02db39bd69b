/** What a caller writes to find leases, understood: addresses, prefixes, parts of DUIDs. */
import type { LeaseQuery } from '@tandem/api-contract'
import { ipv6AddressToBytes, lastAddress, makePrefix } from '@tandem/protocol'
import { parseWrittenLease } from '../http/written-lease.ts'
import type { LeaseFilter } from '../storage/lease-filter.ts'

/** `field` is where the address stands in the request. */
export function toLeaseFilter(
  query: Omit<LeaseQuery, 'limit' | 'cursor' | 'sort'>,
  field = 'query.address',
): LeaseFilter {
  const { address, duid, subnet, state, kind, relationship, iaid, hostName, relay } = query
  return {
    within: address === undefined ? undefined : rangeOf(address, field),
    duidPart: duid?.replaceAll(/[:-]/g, '').toUpperCase(),
    subnetId: subnet,
    status: state?.toUpperCase(),
    kind,
    relationship,
    iaid,
    hostNameParts: hostName === undefined ? [] : hostNameParts(hostName),
    relayPart: relay === undefined ? undefined : relayDigits(relay),
  }
}

/** Labels stand in the option with their lengths between them, and mostly in lower case. */
function hostNameParts(text: string): readonly (readonly string[])[] {
  const labels = text.split('.').filter((label) => label !== '')
  return labels.map((label) => [...new Set([hexOf(label), hexOf(label.toLowerCase())])])
}

/** Octets with colons between them, otherwise the text itself. */
function relayDigits(text: string): string {
  return /^[0-9a-f]{2}(:[0-9a-f]{2})*$/i.test(text) && text.includes(':')
    ? text.replaceAll(':', '').toUpperCase()
    : hexOf(text)
}

const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex').toUpperCase()

function rangeOf(text: string, field: string): LeaseFilter['within'] {
  const { prefix } = parseWrittenLease(text, field)
  const range = makePrefix(prefix.address, prefix.length)
  return { first: ipv6AddressToBytes(range.address), last: ipv6AddressToBytes(lastAddress(range)) }
}
