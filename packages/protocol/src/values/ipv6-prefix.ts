/** IPv6 prefixes (RFC 4291 §2.3); bits beyond the length are always zero here. */
import type { Ipv6Address } from './ipv6-address.ts'
import { formatIpv6Address, ipv6AddressFromNumber, parseIpv6Address } from './ipv6-address.ts'

export interface Ipv6Prefix {
  readonly address: Ipv6Address
  readonly length: number
}

export const PREFIX_LENGTH_MAX = 128

/** Clears the bits beyond the length. */
export function makePrefix(address: Ipv6Address, length: number): Ipv6Prefix {
  if (!Number.isInteger(length) || length < 0 || length > PREFIX_LENGTH_MAX) {
    throw new RangeError(`${length} is not a prefix length`)
  }
  const hostBits = BigInt(PREFIX_LENGTH_MAX - length)
  return { address: ipv6AddressFromNumber((address >> hostBits) << hostBits), length }
}

export function prefixContains(prefix: Ipv6Prefix, address: Ipv6Address): boolean {
  const hostBits = BigInt(PREFIX_LENGTH_MAX - prefix.length)
  return address >> hostBits === prefix.address >> hostBits
}

export function prefixContainsPrefix(outer: Ipv6Prefix, inner: Ipv6Prefix): boolean {
  return inner.length >= outer.length && prefixContains(outer, inner.address)
}

/** The highest address of a prefix. */
export function lastAddress(prefix: Ipv6Prefix): Ipv6Address {
  return ipv6AddressFromNumber(prefix.address | ((1n << BigInt(PREFIX_LENGTH_MAX - prefix.length)) - 1n))
}

/** Refuses bits beyond the length: in configuration they are most often a slip. */
export function parseIpv6Prefix(text: string): Ipv6Prefix | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const address = parseIpv6Address(text.slice(0, slash))
  const lengthText = text.slice(slash + 1)
  if (address === undefined || !/^(?:0|[1-9][0-9]{0,2})$/u.test(lengthText)) return undefined
  const length = Number(lengthText)
  if (length > PREFIX_LENGTH_MAX) return undefined
  const prefix = makePrefix(address, length)
  return prefix.address === address ? prefix : undefined
}

export function formatIpv6Prefix(prefix: Ipv6Prefix): string {
  return `${formatIpv6Address(prefix.address)}/${prefix.length}`
}
