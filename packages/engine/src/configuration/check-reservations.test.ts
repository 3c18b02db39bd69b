/** One test for each rule of reservations (docs/decisions/0075). */
import { duidFromHex, makePrefix, parseIpv6Address, parseIpv6Prefix } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { checkReservations } from './check-reservations.ts'
import type { Reservation, Subnet } from './configuration.ts'
import { pathText } from './configuration-problem.ts'

const prefix = (text: string) => parseIpv6Prefix(text) ?? makePrefix(address('::'), 0)

function address(text: string) {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

/** A lease with a slash is a prefix. */
function reserve(lease: string, client = 1, iaid?: number): Reservation {
  return {
    duid: duidFromHex(`0003000102000000000${client}`),
    iaid,
    kind: lease.includes('/') ? 'prefix' : 'address',
    prefix: lease.includes('/') ? prefix(lease) : { address: address(lease), length: 128 },
    hostname: undefined,
  }
}

function subnet(text: string, pools: readonly string[], reservations: readonly Reservation[]): Subnet {
  return {
    id: text,
    prefix: prefix(text),
    interfaceNames: [],
    relationship: undefined,
    addressPools: [],
    prefixPools: pools.map((pool) => ({
      id: pool,
      prefix: prefix(pool),
      delegatedLength: pool.endsWith('/80') ? 96 : 56,
    })),
    reservations,
    lifetimes: { validSeconds: 14_400, preferredSeconds: 10_800, t1Fraction: 0.5, t2Fraction: 0.8 },
    rapidCommit: false,
    dnsServers: [],
    domainSearch: [],
  }
}

function problems(...subnets: readonly Subnet[]): readonly string[] {
  return checkReservations(subnets).map(({ path, message }) => `${pathText(path)}: ${message}`)
}

const LINK = '2001:db8:1::/64'
const POOL = '2001:db8:8000::/40'

test('addresses of the subnet, prefixes of a pool and from outside of all pools are accepted', () => {
  const right = [
    reserve('2001:db8:1::5'),
    reserve('2001:db8:1::6', 1),
    reserve('2001:db8:1::7', 2, 9),
    reserve('2001:db8:8000:100::/56'),
    reserve('2001:db8:8000:200::/56', 2),
    reserve('2001:db8:9999::/48'),
    reserve('2001:db8:9998::/64', 3),
  ]
  expect(problems(subnet(LINK, [POOL], right))).toEqual([])
})

test.each([
  [['2001:db8:2::5'], /reservations\[0\].address: 2001:db8:2::5 is not inside the subnet/u],
  [
    ['2001:db8:1::5', '2001:db8:1::5'],
    /reservations\[1\]: 2001:db8:1::5 is reserved at subnets\[0\].reservations\[0\] already/u,
  ],
  [['2001:db8:8000::/48'], /overlaps the pool 2001:db8:8000::\/40, which delegates prefixes of length 56/u],
  [['2001:db8::/32'], /overlaps the pool 2001:db8:8000::\/40/u],
  [['2001:db8:8000:100::/60'], /has not the length 56 that the pool/u],
  [['2001:db8:1::/48'], /reservations\[0\].prefix: 2001:db8:1::\/48 overlaps the subnet 2001:db8:1::\/64/u],
  [['2001:db8:1:0:8000::/80'], /overlaps the subnet 2001:db8:1::\/64/u],
  [
    ['2001:db8:9999:ff00::/56', '2001:db8:9999::/48'],
    /reservations\[0\].prefix: 2001:db8:9999:ff00::\/56 lies inside 2001:db8:9999::\/48, reserved at subnets\[0\].reservations\[1\]/u,
  ],
  [
    ['2001:db8:9999::/48', '2001:db8:9999::/48'],
    /reservations\[1\]: 2001:db8:9999::\/48 is reserved at subnets\[0\].reservations\[0\] already/u,
  ],
] as const)('%j is refused', (leases, expected) => {
  const reservations = leases.map((lease, at) => reserve(lease, at + 1))
  const found = problems(subnet(LINK, [POOL], reservations))
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(expected)
})

test('one IA of a client gets one reserved lease of a kind in a subnet', () => {
  const found = problems(
    subnet(LINK, [], [reserve('2001:db8:1::5', 1, 7), reserve('2001:db8:1::6', 1, 7), reserve('2001:db8:1::7', 1, 8)]),
  )
  expect(found).toEqual([
    'subnets[0].reservations[1]: IAID 7 of 00:03:00:01:02:00:00:00:00:01 has 2001:db8:1::5 at subnets[0].reservations[0] already',
  ])
})

test('a prefix of a pool is reserved in the subnet that has the pool', () => {
  const found = problems(subnet('2001:db8:2::/64', [], [reserve('2001:db8:8000:100::/56')]), subnet(LINK, [POOL], []))
  expect(found).toEqual([
    'subnets[0].reservations[0].prefix: 2001:db8:8000:100::/56 lies in the pool 2001:db8:8000::/40 of another subnet',
  ])
})

test('an address that is delegated is not reserved', () => {
  const found = problems(subnet(LINK, ['2001:db8:1:0:8000::/80'], [reserve('2001:db8:1:0:8000::1')]))
  expect(found).toEqual([
    'subnets[0].reservations[0].address: 2001:db8:1:0:8000::1 lies in the prefix pool 2001:db8:1:0:8000::/80',
  ])
})
