/** Text of addresses: what RFC 4291 allows in, what RFC 5952 wants out. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatIpv6Address,
  ipv6AddressFromBytes,
  ipv6AddressFromNumber,
  ipv6AddressToBytes,
  parseIpv6Address,
} from './ipv6-address.ts'

const format = (text: string): string | undefined => {
  const address = parseIpv6Address(text)
  return address === undefined ? undefined : formatIpv6Address(address)
}

describe('IPv6 addresses', () => {
  it.each([
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('shows %s as %s', (text, shown) => {
    expect(format(text)).toBe(shown)
  })

  it.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
    ' ::1',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    '1.2.3.4::',
    '2001:db8::/32',
    '1:2:3:4:5:6:7:',
  ])('does not take "%s" for an address', (text) => {
    expect(parseIpv6Address(text)).toBeUndefined()
  })

  it('reads back its own text and its own octets', () => {
    const sparse = fc.array(fc.constantFrom<bigint>(0n, 0n, 0n, 1n, 0xffffn, 0xabcn), { minLength: 8, maxLength: 8 })
    const anyNumber = fc.oneof(
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
      sparse.map((groups) => groups.reduce((value, group) => (value << 16n) | group, 0n)),
    )
    fc.assert(
      fc.property(anyNumber, (value) => {
        const address = ipv6AddressFromNumber(value)
        expect(parseIpv6Address(formatIpv6Address(address))).toBe(address)
        expect(ipv6AddressFromBytes(ipv6AddressToBytes(address))).toBe(address)
      }),
    )
  })

  it('is no more than 128 bits and no other number of octets than 16', () => {
    expect(() => ipv6AddressFromNumber(1n << 128n)).toThrow(RangeError)
    expect(() => ipv6AddressFromBytes(new Uint8Array(15))).toThrow(RangeError)
  })
})
