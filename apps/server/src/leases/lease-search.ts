/** What a caller writes to find leases, understood: addresses, prefixes, parts of DUIDs. */
import type { LeaseQuery } from '@tandem/api-contract'
import { ipv6AddressToBytes, lastAddress, makePrefix, parseIpv6Address, parseIpv6Prefix } from '@tandem/protocol'
import { HttpProblem } from '../http/http-problem.ts'
import type { LeaseFilter } from '../storage/lease-pages.queries.ts'
import type { LeaseKey } from '../storage/leases.queries.ts'

export function toLeaseFilter({ address, duid, subnet, state, kind }: LeaseQuery): LeaseFilter {
  return {
    within: address === undefined ? undefined : rangeOf(address),
    duidPart: duid?.replaceAll(/[:-]/g, '').toUpperCase(),
    subnetId: subnet,
    status: state?.toUpperCase(),
    kind,
  }
}

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
