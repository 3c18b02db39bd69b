/** One test for each rule across fields (RFC 8156 sections 1, 4.2, 4.4 and 6). */
import { makePrefix, parseIpv6Address, parseIpv6Prefix } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { checkConfiguration, type CheckableConfiguration } from './check-configuration.ts'
import { pathText } from './configuration-problem.ts'
import type { AddressPool, PrefixPool, RelationshipConfiguration, Subnet } from './configuration.ts'

function address(text: string) {
  const parsed = parseIpv6Address(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

function prefix(text: string) {
  return parseIpv6Prefix(text) ?? makePrefix(address('::'), 0)
}

function range(first: string, last: string): AddressPool {
  return { id: `${first}-${last}`, first: address(first), last: address(last) }
}

function delegate(from: string, delegatedLength: number): PrefixPool {
  return { id: `${from}-${delegatedLength}`, prefix: prefix(from), delegatedLength }
}

function subnet(text: string, more: Partial<Subnet> = {}): Subnet {
  return {
    id: text,
    prefix: prefix(text),
    interfaceNames: [],
    relationship: 'pair',
    addressPools: [],
    prefixPools: [],
    lifetimes: { validSeconds: 14_400, preferredSeconds: 10_800, t1Fraction: 0.5, t2Fraction: 0.8 },
    rapidCommit: false,
    dnsServers: [],
    reservations: [],
    domainSearch: [],
    ...more,
  }
}

function relationship(more: Partial<RelationshipConfiguration> = {}): RelationshipConfiguration {
  return {
    name: 'pair',
    role: 'primary',
    partnerName: 'beta',
    partnerAddress: address('::1'),
    transport: 'tls',
    mcltSeconds: 3600,
    keepaliveSeconds: 60,
    contactsPerKeepalive: 4,
    startupSeconds: 10,
    initialState: 'recover',
    reconnectSeconds: 5,
    reconnectAfterRefusalSeconds: 60,
    maxUnackedUpdates: 100,
    acknowledgementStallSeconds: 60,
    upddoneStallSeconds: 300,
    autoPartnerDownSeconds: undefined,
    fixedPrefixLength: true,
    secondaryPrefixShare: 0.5,
    prefixRebalanceThreshold: 0.1,
    doubleLease: 'latest',
    activeStandby: false,
    unansweredClientSeconds: 10,
    unansweredClientsAlarm: 5,
    ...more,
  }
}

function configuration(more: Partial<CheckableConfiguration> = {}): CheckableConfiguration {
  return {
    serverName: 'alpha',
    listeners: [],
    subnets: [subnet('2001:db8:1::/64', { addressPools: [range('2001:db8:1::10', '2001:db8:1::ff')] })],
    relationships: [relationship()],
    shortTimersAllowed: false,
    ...more,
  }
}

function places(checked: CheckableConfiguration): readonly string[] {
  return checkConfiguration(checked).map(({ path, message }) => `${pathText(path)}: ${message}`)
}

test('a configuration that keeps every rule has no problems', () => {
  expect(places(configuration())).toEqual([])
})

test('every problem carries a remedy that is a sentence', () => {
  const problems = checkConfiguration(
    configuration({
      subnets: [
        subnet('2001:db8:1::/64', {
          relationship: 'nobody',
          addressPools: [range('2001:db8:2::1', '2001:db8:2::2')],
          prefixPools: [delegate('2001:db8:9::/48', 40)],
          lifetimes: { validSeconds: 20, preferredSeconds: 30, t1Fraction: 0.9, t2Fraction: 0.8 },
        }),
      ],
      relationships: [relationship({ mcltSeconds: 5, contactsPerKeepalive: 1 })],
    }),
  )
  expect(problems).toHaveLength(8)
  for (const { remedy } of problems) expect(remedy).toMatch(/^[A-Z].*[.?]$/u)
})

test('a subnet may only name a relationship that exists', () => {
  expect(places(configuration({ relationships: [] }))).toEqual([
    'subnets[0].relationship: there is no relationship named pair',
  ])
})

test('an address pool lies inside its subnet', () => {
  const reaching = subnet('2001:db8:1::/64', { addressPools: [range('2001:db8:1::10', '2001:db8:2::ff')] })
  expect(places(configuration({ subnets: [reaching] }))).toEqual([
    'subnets[0].addressPools[0]: 2001:db8:1::10-2001:db8:2::ff is not inside the subnet 2001:db8:1::/64',
  ])
})

test('two pools may not share an address, whichever subnets they stand in', () => {
  const subnets = [
    subnet('2001:db8:1::/64', { prefixPools: [delegate('2001:db8:8000::/40', 56)] }),
    subnet('2001:db8:2::/64', { prefixPools: [delegate('2001:db8:8010::/44', 60)] }),
  ]
  expect(places(configuration({ subnets }))).toEqual([
    'subnets[1].prefixPools[0]: the prefix pool 2001:db8:8010::/44 overlaps the prefix pool 2001:db8:8000::/40 at subnets[0].prefixPools[0]',
  ])
})

test('an address pool and a prefix pool may not overlap, and pools that touch do not', () => {
  const overlapping = subnet('2001:db8::/32', {
    addressPools: [range('2001:db8::1', '2001:db8:1::ff')],
    prefixPools: [delegate('2001:db8:1::/48', 56)],
  })
  expect(places(configuration({ subnets: [overlapping] }))).toHaveLength(1)
  const touching = subnet('2001:db8::/32', {
    addressPools: [range('2001:db8::1', '2001:db8:0:ffff:ffff:ffff:ffff:ffff')],
    prefixPools: [delegate('2001:db8:1::/48', 56), delegate('2001:db8:2::/48', 56)],
  })
  expect(places(configuration({ subnets: [touching] }))).toEqual([])
})

test('an overlap is found behind a small pool that ends before it', () => {
  const pools = [
    range('2001:db8:1::1', '2001:db8:1::ff'),
    range('2001:db8:1::2', '2001:db8:1::3'),
    range('2001:db8:1::80', '2001:db8:1::80'),
  ]
  expect(places(configuration({ subnets: [subnet('2001:db8:1::/64', { addressPools: pools })] }))).toHaveLength(2)
})

test('two subnets may not share addresses, and no pool delegates a link', () => {
  expect(places(configuration({ subnets: [subnet('2001:db8::/48'), subnet('2001:db8::/64')] }))).toEqual([
    'subnets[1].prefix: the subnet 2001:db8::/64 overlaps the subnet 2001:db8::/48 at subnets[0].prefix',
  ])
  const delegated = [subnet('2001:db8:0:5::/64', { prefixPools: [delegate('2001:db8::/48', 64)] })]
  expect(places(configuration({ subnets: delegated }))).toEqual([
    'subnets[0].prefixPools[0]: 2001:db8::/48 contains the subnet 2001:db8:0:5::/64 (subnets[0]) itself',
  ])
})

test.each([
  [40, 1],
  [39, 1],
  [129, 1],
  [41, 0],
  [128, 0],
])('a /40 delegates prefixes longer than itself and at most 128 bits: %i', (delegatedLength, count) => {
  const pools = { prefixPools: [delegate('2001:db8:8000::/40', delegatedLength)] }
  expect(places(configuration({ subnets: [subnet('2001:db8:1::/64', pools)] }))).toHaveLength(count)
})

test('preferred is no longer than valid, and T1 comes before T2', () => {
  const lifetimes = { validSeconds: 100, preferredSeconds: 101, t1Fraction: 0.81, t2Fraction: 0.8 }
  expect(places(configuration({ subnets: [subnet('2001:db8:1::/64', { lifetimes })] }))).toEqual([
    'subnets[0].lifetimes.preferred: the preferred lifetime (101 s) is longer than the valid one (100 s)',
    'subnets[0].lifetimes.t1: T1 (0.81 of the preferred lifetime) comes after T2 (0.8 of it)',
  ])
})

test('lifetimes and MCLT below 30 s are refused unless a test allows them', () => {
  const lifetimes = { validSeconds: 29, preferredSeconds: 20, t1Fraction: 0.5, t2Fraction: 0.8 }
  const short = configuration({
    subnets: [subnet('2001:db8:1::/64', { lifetimes })],
    relationships: [relationship({ mcltSeconds: 29 })],
  })
  expect(places(short)).toEqual([
    'relationships[0].mclt: 29 s is less than 30 s, the shortest that failover may be used for',
    'subnets[0].lifetimes.valid: 29 s is less than 30 s, the shortest that failover may be used for',
  ])
  expect(places({ ...short, shortTimersAllowed: true })).toEqual([])
})

test('a lifetime that means for ever on the wire is refused', () => {
  expect(places(configuration({ relationships: [relationship({ mcltSeconds: 0xffff_ffff })] }))).toEqual([
    'relationships[0].mclt: 4294967295 s cannot be told to a client',
  ])
})

test('keepalive leaves room for its contacts, and automatic partner-down for a keepalive', () => {
  expect(places(configuration({ relationships: [relationship({ contactsPerKeepalive: 1 })] }))).toHaveLength(1)
  expect(places(configuration({ relationships: [relationship({ keepaliveSeconds: 3 })] }))).toEqual([
    'relationships[0].keepalive: 4 contacts do not fit into 3 s, at one a second or fewer',
  ])
  expect(places(configuration({ relationships: [relationship({ autoPartnerDownSeconds: 59 })] }))).toEqual([
    'relationships[0].autoPartnerDown: 59 s is shorter than the keepalive of 60 s',
  ])
})

test('a server that starts looks for its partner for longer than the primary pauses between two dials', () => {
  expect(places(configuration({ relationships: [relationship({ startupSeconds: 5 })] }))).toEqual([
    'relationships[0].startup: 5 s is no longer than reconnect, 5 s: a server that starts would serve before it is ' +
      'dialled, though its partner may have been declared to serve alone',
  ])
  expect(places(configuration({ relationships: [relationship({ startupSeconds: 6 })] }))).toEqual([])
})

test('two relationships need two names', () => {
  expect(places(configuration({ relationships: [relationship(), relationship()] }))).toEqual([
    'relationships[1].name: a relationship named pair stands above already',
  ])
})
