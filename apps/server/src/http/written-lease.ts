/** An address or prefix as a caller writes it: `2001:db8::1`, `2001:db8::/56` or, as in a URL, `2001:db8::-56`. */
import { leaseText } from '@tandem/engine'
import { ipv6AddressToBytes, makePrefix, parseIpv6Address, parseIpv6Prefix, type Ipv6Prefix } from '@tandem/protocol'
import type { LeaseKey } from '../storage/leases.queries.ts'
import { HttpProblem } from './http-problem.ts'

interface WrittenLease {
  readonly kind: LeaseKey['kind']
  readonly prefix: Ipv6Prefix
}

/** Refuses with the name of the field, such as `query.address`, what is neither. */
export function parseWrittenLease(text: string, field: string): WrittenLease {
  const written = text.replace('-', '/')
  if (written.includes('/')) {
    const prefix = parseIpv6Prefix(written)
    if (prefix !== undefined) return { kind: 'prefix', prefix }
  } else {
    const address = parseIpv6Address(written)
    if (address !== undefined) return { kind: 'address', prefix: { address, length: 128 } }
  }
  throw notALease(field)
}

export function toLeaseKey(text: string, field = 'params.address'): LeaseKey {
  const { kind, prefix } = parseWrittenLease(text, field)
  return { kind, address: ipv6AddressToBytes(prefix.address), length: prefix.length }
}

/** As records name it. */
export function toLeaseText(text: string, field: string): string {
  const { kind, prefix } = parseWrittenLease(text, field)
  return leaseText({ kind, prefix: makePrefix(prefix.address, prefix.length) })
}

function notALease(field: string): HttpProblem {
  const message = 'is neither an IPv6 address nor a prefix'
  return new HttpProblem('invalid-request', {
    detail: `${field}: ${message}`,
    remedy: 'Write it like 2001:db8::1, or a prefix like 2001:db8::/56 (in a path 2001:db8::-56).',
    fields: [{ field, message }],
  })
}
