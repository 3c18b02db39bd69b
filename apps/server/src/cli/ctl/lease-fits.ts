/** Which leases of the live stream were asked for: the filter of the list, for leases that come one by one. */
import type { Lease } from '@tandem/api-contract'
import { makePrefix, parseIpv6Address, parseIpv6Prefix, prefixContainsPrefix } from '@tandem/protocol'
import type { Ipv6Prefix } from '@tandem/protocol'
import { UserError } from '../user-error.ts'
import type { LeaseWish } from './leases.ts'

export function fitOf({ address, duid, subnet, state, kind }: LeaseWish): (lease: Lease) => boolean {
  const within = address === undefined ? undefined : rangeOf(address)
  const digits = duid === undefined ? undefined : digitsOf(duid)
  return (lease) =>
    (subnet === undefined || lease.subnetId === subnet) &&
    (state === undefined || lease.state === state) &&
    (kind === undefined || lease.kind === kind) &&
    (digits === undefined || digitsOf(lease.client?.duid ?? '').includes(digits)) &&
    (within === undefined || prefixContainsPrefix(within, rangeOf(lease.lease)))
}

const digitsOf = (duid: string): string => duid.replaceAll(/[:-]/g, '').toLowerCase()

function rangeOf(text: string): Ipv6Prefix {
  if (text.includes('/')) {
    const prefix = parseIpv6Prefix(text)
    if (prefix !== undefined) return makePrefix(prefix.address, prefix.length)
  }
  const address = parseIpv6Address(text)
  if (address !== undefined) return makePrefix(address, 128)
  throw new UserError(`"${text}" is neither an IPv6 address nor a prefix: write it like 2001:db8::1 or 2001:db8::/56.`)
}
