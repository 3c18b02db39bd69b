/** What a caller writes to find leases, understood: addresses, prefixes, parts of DUIDs. */
import type { LeaseQuery } from '@tandem/api-contract'
import { ipv6AddressToBytes, lastAddress, makePrefix, parseIpv6Address, parseIpv6Prefix } from '@tandem/protocol'
import { HttpProblem } from '../http/http-problem.ts'
import type { LeaseFilter } from '../storage/lease-pages.queries.ts'
import type { LeaseKey } from '../storage/leases.queries.ts'

export function toLeaseFilter(query: LeaseQuery): LeaseFilter {
  const { address, duid, subnet, state, kind, relationship, iaid, hostName, relay } = query
  return {
    within: address === undefined ? undefined : rangeOf(address),
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

function rangeOf(text: string): LeaseFilter['within'] {
  const prefix = parseLease(text)
  if (prefix === undefined) throw notAnAddress('query.address')
  const range = makePrefix(prefix.address, prefix.length)
  return { first: ipv6AddressToBytes(range.address), last: ipv6AddressToBytes(lastAddress(range)) }
}

/** `2001:db8::1`, `2001:db8::/56` or, as in a URL, `2001:db8::-56`. */
export function toLeaseKey(text: string): LeaseKey {
  const parsed = parseLease(text)
  if (parsed === undefined) throw notAnAddress('params.address')
  const kind = /[/-]/.test(text) ? 'prefix' : 'address'
  return { kind, address: ipv6AddressToBytes(parsed.address), length: parsed.length }
}

function parseLease(text: string) {
  const written = text.replace('-', '/')
  if (written.includes('/')) return parseIpv6Prefix(written)
  const address = parseIpv6Address(written)
  return address === undefined ? undefined : { address, length: 128 }
}

function notAnAddress(field: string): HttpProblem {
  const message = 'is neither an IPv6 address nor a prefix'
  return new HttpProblem('invalid-request', {
    detail: `${field}: ${message}`,
    remedy: 'Write it like 2001:db8::1, or a prefix like 2001:db8::/56 (in a path 2001:db8::-56).',
    fields: [{ field, message }],
  })
}
