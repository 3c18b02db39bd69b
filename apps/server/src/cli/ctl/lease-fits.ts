/** Which leases of the live stream were asked for: the filter of the list, for leases that come one by one. */
import type { Lease } from '@tandem/api-contract'
import { makePrefix, parseIpv6Address, parseIpv6Prefix, prefixContainsPrefix } from '@tandem/protocol'
import type { Ipv6Prefix } from '@tandem/protocol'
import { UserError } from '../user-error.ts'
import type { LeaseWish } from './leases.ts'

export function fitOf(wish: LeaseWish): (lease: Lease) => boolean {
  const { address, duid, subnet, state, kind, relationship, iaid, hostName, relay } = wish
  const within = address === undefined ? undefined : rangeOf(address)
  const digits = duid === undefined ? undefined : digitsOf(duid)
  return (lease) =>
    (subnet === undefined || lease.subnetId === subnet) &&
    (state === undefined || lease.state === state) &&
    (kind === undefined || lease.kind === kind) &&
    (relationship === undefined || lease.relationship === relationship) &&
    (iaid === undefined || lease.client?.iaid === iaid) &&
    labelsOf(hostName).every((label) => lease.clientHostName?.toLowerCase().includes(label) === true) &&
    (relay === undefined || lease.relayData?.includes(relayDigits(relay)) === true) &&
    (digits === undefined || digitsOf(lease.client?.duid ?? '').includes(digits)) &&
    (within === undefined || prefixContainsPrefix(within, rangeOf(lease.lease)))
}

const labelsOf = (hostName = ''): readonly string[] =>
  hostName
    .toLowerCase()
    .split('.')
    .filter((label) => label !== '')

/** As the server reads it: octets with colons between them, otherwise text. */
function relayDigits(text: string): string {
  return /^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(text) ? digitsOf(text) : Buffer.from(text, 'latin1').toString('hex')
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
