/** Prefixes: containment at the edges, and no bits beyond the length. */
import { describe, expect, it } from 'vitest'
import type { Ipv6Address } from './ipv6-address.ts'
import { formatIpv6Address, parseIpv6Address, UNSPECIFIED_ADDRESS } from './ipv6-address.ts'
import type { Ipv6Prefix } from './ipv6-prefix.ts'
import {
  formatIpv6Prefix,
  lastAddress,
  makePrefix,
  parseIpv6Prefix,
  prefixContains,
  prefixContainsPrefix,
} from './ipv6-prefix.ts'

const address = (text: string): Ipv6Address => parseIpv6Address(text) ?? UNSPECIFIED_ADDRESS
const prefix = (text: string): Ipv6Prefix => parseIpv6Prefix(text) ?? makePrefix(UNSPECIFIED_ADDRESS, 128)

describe('IPv6 prefixes', () => {
  it.each(['::/0', '2001:db8::/32', '2001:db8:1:200::/56', '2001:db8::1/128'])('reads and shows %s', (text) => {
    expect(formatIpv6Prefix(prefix(text))).toBe(text)
  })

  it.each([
    '2001:db8::',
    '2001:db8::/',
    '2001:db8::/129',
    '2001:db8::/032',
    '2001:db8::1/64',
    'x/64',
    '::/-1',
    '::/6 4',
  ])('does not take "%s" for a prefix', (text) => {
    expect(parseIpv6Prefix(text)).toBeUndefined()
  })

  it('clears the bits beyond the length', () => {
    expect(formatIpv6Prefix(makePrefix(address('2001:db8:1:2ff::1'), 56))).toBe('2001:db8:1:200::/56')
    expect(() => makePrefix(address('::'), 129)).toThrow(RangeError)
  })

  it('contains its first and last address and not their neighbours', () => {
    const pool = prefix('2001:db8:0:1::/64')
    expect(prefixContains(pool, address('2001:db8:0:1::'))).toBe(true)
    expect(prefixContains(pool, address('2001:db8:0:1:ffff:ffff:ffff:ffff'))).toBe(true)
    expect(prefixContains(pool, address('2001:db8:0:0:ffff:ffff:ffff:ffff'))).toBe(false)
    expect(prefixContains(pool, address('2001:db8:0:2::'))).toBe(false)
    expect(formatIpv6Address(lastAddress(pool))).toBe('2001:db8:0:1:ffff:ffff:ffff:ffff')
  })

  it('contains itself and longer prefixes, never a shorter one', () => {
    expect(prefixContainsPrefix(prefix('2001:db8::/32'), prefix('2001:db8::/32'))).toBe(true)
    expect(prefixContainsPrefix(prefix('2001:db8::/32'), prefix('2001:db8:ffff::/48'))).toBe(true)
    expect(prefixContainsPrefix(prefix('2001:db8::/48'), prefix('2001:db8::/32'))).toBe(false)
    expect(prefixContainsPrefix(prefix('2001:db8::/32'), prefix('2001:db9::/48'))).toBe(false)
    expect(prefixContainsPrefix(prefix('::/0'), prefix('2001:db9::/48'))).toBe(true)
  })
})
