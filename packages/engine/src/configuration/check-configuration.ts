/** The rules across fields that an accepted configuration keeps (RFC 8156 sections 1, 4.2, 4.4 and 6; RFC 9915 section 21.4). */
import { formatIpv6Address, formatIpv6Prefix, lastAddress, prefixContains } from '@tandem/protocol'
import type { Ipv6Address } from '@tandem/protocol'
import { checkReservations } from './check-reservations.ts'
import { pathText, type ConfigurationProblem } from './configuration-problem.ts'
import type { AddressPool, EngineConfiguration, RelationshipConfiguration, Subnet } from './configuration.ts'

/** The part of a configuration that says itself whether it is right; the server's DUID says nothing about that. */
export interface CheckableConfiguration extends Omit<EngineConfiguration, 'serverDuid'> {
  /** `testing.shortTimers`: lifts the floor below. */
  readonly shortTimersAllowed: boolean
}

/** Failover must not be used for new leases shorter than this (RFC 8156 section 1), so neither lifetimes nor MCLT may be. */
export const LEASE_SECONDS_MIN = 30
/** 0xffffffff means "for ever" on the wire (RFC 9915 section 7.7), which no failover partner could ever see end. */
export const LIFETIME_SECONDS_MAX = 0xffff_fffe
/** Below this a single lost or late CONTACT looks like a dead partner. */
const CONTACTS_PER_KEEPALIVE_MIN = 2
const CONTACT_INTERVAL_SECONDS_MIN = 1

export function checkConfiguration(configuration: CheckableConfiguration): readonly ConfigurationProblem[] {
  return [
    ...checkRelationships(configuration),
    ...configuration.subnets.flatMap((subnet, index) => [
      ...checkSubnet(configuration, subnet, index),
      ...checkLifetimes(configuration, subnet, index),
    ]),
    ...checkOverlaps(configuration.subnets),
    ...checkReservations(configuration.subnets),
  ]
}

function checkRelationships(configuration: CheckableConfiguration): readonly ConfigurationProblem[] {
  const seen = new Set<string>()
  return configuration.relationships.flatMap((relationship, index) => {
    const problems = [
      ...checkTimers(relationship, index),
      ...checkFloor(configuration, ['relationships', index, 'mclt'], relationship.mcltSeconds),
    ]
    if (seen.has(relationship.name)) {
      problems.push({
        path: ['relationships', index, 'name'],
        message: `a relationship named ${relationship.name} stands above already`,
        remedy: 'Give each relationship its own name.',
      })
    }
    seen.add(relationship.name)
    return problems
  })
}

function checkTimers(relationship: RelationshipConfiguration, index: number): readonly ConfigurationProblem[] {
  const { keepaliveSeconds, contactsPerKeepalive, autoPartnerDownSeconds, startupSeconds, reconnectSeconds } =
    relationship
  const problems: ConfigurationProblem[] = []
  if (contactsPerKeepalive < CONTACTS_PER_KEEPALIVE_MIN) {
    problems.push({
      path: ['relationships', index, 'contactsPerKeepalive'],
      message: `with ${contactsPerKeepalive} in each keepalive period, one late message ends contact with the partner`,
      remedy: `Send at least ${CONTACTS_PER_KEEPALIVE_MIN}; 4 is usual.`,
    })
  } else if (keepaliveSeconds / contactsPerKeepalive < CONTACT_INTERVAL_SECONDS_MIN) {
    problems.push({
      path: ['relationships', index, 'keepalive'],
      message: `${contactsPerKeepalive} contacts do not fit into ${keepaliveSeconds} s, at one a second or fewer`,
      remedy: `Write at least ${contactsPerKeepalive}s, or fewer contactsPerKeepalive.`,
    })
  }
  if (startupSeconds <= reconnectSeconds) {
    problems.push({
      path: ['relationships', index, 'startup'],
      message:
        `${startupSeconds} s is no longer than reconnect, ${reconnectSeconds} s: a server that starts would serve ` +
        'before it is dialled, though its partner may have been declared to serve alone',
      remedy: `Write at least ${reconnectSeconds + 5}s, or a shorter reconnect.`,
    })
  }
  if (autoPartnerDownSeconds !== undefined && autoPartnerDownSeconds < keepaliveSeconds) {
    problems.push({
      path: ['relationships', index, 'autoPartnerDown'],
      message: `${autoPartnerDownSeconds} s is shorter than the keepalive of ${keepaliveSeconds} s`,
      remedy: 'Give the partner at least one keepalive period to return, or write off.',
    })
  }
  return problems
}

function checkSubnet(
  configuration: CheckableConfiguration,
  subnet: Subnet,
  index: number,
): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  const { relationship } = subnet
  if (relationship !== undefined && !configuration.relationships.some(({ name }) => name === relationship)) {
    problems.push({
      path: ['subnets', index, 'relationship'],
      message: `there is no relationship named ${relationship}`,
      remedy: 'Name one that stands under relationships, or leave this out if this server alone serves the subnet.',
    })
  }
  for (const [at, pool] of subnet.addressPools.entries()) {
    const shared = pool.allocation === 'proportional' ? checkShared(pool, relationship) : undefined
    if (shared !== undefined) problems.push({ path: ['subnets', index, 'addressPools', at], ...shared })
    if (prefixContains(subnet.prefix, pool.first) && prefixContains(subnet.prefix, pool.last)) continue
    problems.push({
      path: ['subnets', index, 'addressPools', at],
      message: `${rangeText(pool)} is not inside the subnet ${formatIpv6Prefix(subnet.prefix)}`,
      remedy: 'Choose addresses that begin with the prefix of the subnet.',
    })
  }
  return [...problems, ...checkDelegation(subnet, index)]
}

/** Each address that changes sides is an update of its own (decision 0078). */
const SHARED_ADDRESSES_MAX = 65_536n

function checkShared(
  pool: AddressPool,
  relationship: string | undefined,
): Pick<ConfigurationProblem, 'message' | 'remedy'> | undefined {
  const size = pool.last - pool.first + 1n
  if (size > SHARED_ADDRESSES_MAX) {
    return {
      message: `${rangeText(pool)} has ${size} addresses, too many to be told one by one`,
      remedy: `Make it at most ${SHARED_ADDRESSES_MAX} addresses, or leave out allocation: big pools need no balance.`,
    }
  }
  if (relationship !== undefined) return undefined
  return {
    message: `${rangeText(pool)} is proportional, and there is no partner to share it with`,
    remedy: 'Leave out allocation, or name the relationship of the subnet.',
  }
}

function checkDelegation(subnet: Subnet, index: number): readonly ConfigurationProblem[] {
  return subnet.prefixPools.flatMap((pool, at) => {
    if (pool.delegatedLength > pool.prefix.length && pool.delegatedLength <= 128) return []
    return [
      {
        path: ['subnets', index, 'prefixPools', at, 'delegatedLength'],
        message: `no prefixes of length ${pool.delegatedLength} can be cut out of ${formatIpv6Prefix(pool.prefix)}`,
        remedy: `Write a length from ${pool.prefix.length + 1} to 128.`,
      },
    ]
  })
}

function checkLifetimes(
  configuration: CheckableConfiguration,
  subnet: Subnet,
  index: number,
): readonly ConfigurationProblem[] {
  const { validSeconds, preferredSeconds, t1Fraction, t2Fraction } = subnet.lifetimes
  const path = ['subnets', index, 'lifetimes']
  const problems = [...checkFloor(configuration, [...path, 'valid'], validSeconds)]
  if (preferredSeconds > validSeconds) {
    problems.push({
      path: [...path, 'preferred'],
      message: `the preferred lifetime (${preferredSeconds} s) is longer than the valid one (${validSeconds} s)`,
      remedy: 'Make preferred as long as valid, or shorter.',
    })
  }
  if (t1Fraction > t2Fraction) {
    problems.push({
      path: [...path, 't1'],
      message: `T1 (${t1Fraction} of the preferred lifetime) comes after T2 (${t2Fraction} of it)`,
      remedy: 'A client renews at T1 and turns to any server at T2: make t1 the smaller one.',
    })
  }
  return problems
}

function checkFloor(
  { shortTimersAllowed }: CheckableConfiguration,
  path: ConfigurationProblem['path'],
  seconds: number,
): readonly ConfigurationProblem[] {
  if (seconds > LIFETIME_SECONDS_MAX) {
    return [
      {
        path,
        message: `${seconds} s cannot be told to a client`,
        remedy: `Write at most ${LIFETIME_SECONDS_MAX} s; a month is already long.`,
      },
    ]
  }
  if (seconds >= LEASE_SECONDS_MIN || (shortTimersAllowed && seconds > 0)) return []
  return [
    {
      path,
      message: `${seconds} s is less than ${LEASE_SECONDS_MIN} s, the shortest that failover may be used for`,
      remedy: `Write ${LEASE_SECONDS_MIN}s or more; only a test may set testing.shortTimers.`,
    },
  ]
}

/** A stretch of addresses that one part of the configuration claims. */
interface Claim {
  readonly path: ConfigurationProblem['path']
  readonly kind: 'subnet' | 'address pool' | 'prefix pool'
  readonly text: string
  readonly first: Ipv6Address
  readonly last: Ipv6Address
}

function checkOverlaps(subnets: readonly Subnet[]): readonly ConfigurationProblem[] {
  const links = subnets.map(claimOfSubnet)
  const pools = subnets.flatMap(claimsOfPools)
  const delegatedLinks = subnets.flatMap((subnet, index) =>
    pools
      .filter(({ kind }) => kind === 'prefix pool')
      .filter((pool) => containsLink(pool, subnet))
      .map((pool) => ({
        path: pool.path,
        message: `${pool.text} contains the subnet ${formatIpv6Prefix(subnet.prefix)} (subnets[${index}]) itself`,
        remedy: 'Delegate from a prefix that no link uses, since a client would be given the link.',
      })),
  )
  return [...overlapsAmong(links), ...overlapsAmong(pools), ...delegatedLinks]
}

function containsLink(pool: Claim, subnet: Subnet): boolean {
  return pool.first <= subnet.prefix.address && lastAddress(subnet.prefix) <= pool.last
}

function claimOfSubnet(subnet: Subnet, index: number): Claim {
  return {
    path: ['subnets', index, 'prefix'],
    kind: 'subnet',
    text: formatIpv6Prefix(subnet.prefix),
    first: subnet.prefix.address,
    last: lastAddress(subnet.prefix),
  }
}

function claimsOfPools(subnet: Subnet, index: number): readonly Claim[] {
  return [
    ...subnet.addressPools.map((pool, at): Claim => ({
      path: ['subnets', index, 'addressPools', at],
      kind: 'address pool',
      text: rangeText(pool),
      first: pool.first,
      last: pool.last,
    })),
    ...subnet.prefixPools.map((pool, at): Claim => ({
      path: ['subnets', index, 'prefixPools', at],
      kind: 'prefix pool',
      text: formatIpv6Prefix(pool.prefix),
      first: pool.prefix.address,
      last: lastAddress(pool.prefix),
    })),
  ]
}

/** Sorted by first address, a claim overlaps an earlier one exactly if it begins before the furthest end so far. */
function overlapsAmong(claims: readonly Claim[]): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  let furthest: Claim | undefined
  for (const claim of claims.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    if (furthest !== undefined && claim.first <= furthest.last) problems.push(overlap(claim, furthest))
    if (furthest === undefined || claim.last > furthest.last) furthest = claim
  }
  return problems
}

function overlap(claim: Claim, other: Claim): ConfigurationProblem {
  return {
    path: claim.path,
    message: `the ${claim.kind} ${claim.text} overlaps the ${other.kind} ${other.text} at ${pathText(other.path)}`,
    remedy: 'One address may belong to one of them only: change or remove one.',
  }
}

function rangeText({ first, last }: { readonly first: Ipv6Address; readonly last: Ipv6Address }): string {
  return `${formatIpv6Address(first)}-${formatIpv6Address(last)}`
}
