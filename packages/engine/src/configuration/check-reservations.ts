/** The rules that reservations keep among each other and with subnets and pools (docs/decisions/0075). */
import {
  formatDuid,
  formatIpv6Address,
  formatIpv6Prefix,
  prefixContains,
  prefixContainsPrefix,
  type Ipv6Prefix,
} from '@tandem/protocol'
import type { PrefixPool, Reservation, Subnet } from './configuration.ts'
import { pathText, type ConfigurationProblem } from './configuration-problem.ts'

interface Placed {
  readonly path: ConfigurationProblem['path']
  readonly reservation: Reservation
  readonly subnet: Subnet
}

export function checkReservations(subnets: readonly Subnet[]): readonly ConfigurationProblem[] {
  const placed = subnets.flatMap((subnet, index) =>
    subnet.reservations.map((reservation, at): Placed => ({
      path: ['subnets', index, 'reservations', at],
      reservation,
      subnet,
    })),
  )
  return [
    ...checkTwice(placed),
    ...placed.flatMap((each) =>
      each.reservation.kind === 'address' ? checkAddress(each, subnets) : checkPrefix(each, subnets),
    ),
    ...checkNesting(placed),
  ]
}

function checkTwice(placed: readonly Placed[]): readonly ConfigurationProblem[] {
  const byLease = new Map<string, Placed>()
  const byIa = new Map<string, Placed>()
  return placed.flatMap((each) => {
    const { path, reservation, subnet } = each
    const { duid, iaid, kind } = reservation
    const before = byLease.get(leaseOf(reservation))
    if (before !== undefined) {
      return [
        {
          path,
          message: `${leaseOf(reservation)} is reserved at ${pathText(before.path)} already`,
          remedy: 'One lease can be kept for one client only: remove one of the two.',
        },
      ]
    }
    byLease.set(leaseOf(reservation), each)
    const ia = `${subnet.id} ${duid} ${kind} ${iaid}`
    const sameIa = iaid === undefined ? undefined : byIa.get(ia)
    byIa.set(ia, each)
    if (sameIa === undefined) return []
    return [
      {
        path,
        message: `IAID ${iaid} of ${formatDuid(duid)} has ${leaseOf(sameIa.reservation)} at ${pathText(sameIa.path)} already`,
        remedy: `An identity association gets one reserved ${kind} of a subnet: remove one, or write another iaid.`,
      },
    ]
  })
}

function checkAddress(
  { path, reservation, subnet }: Placed,
  subnets: readonly Subnet[],
): readonly ConfigurationProblem[] {
  const { address } = reservation.prefix
  const pool = subnets.flatMap(({ prefixPools }) => prefixPools).find(({ prefix }) => prefixContains(prefix, address))
  if (pool !== undefined) {
    return [
      {
        path: [...path, 'address'],
        message: `${leaseOf(reservation)} lies in the prefix pool ${formatIpv6Prefix(pool.prefix)}`,
        remedy: 'Choose an address that is not delegated to anybody.',
      },
    ]
  }
  if (prefixContains(subnet.prefix, address)) return []
  return [
    {
      path: [...path, 'address'],
      message: `${leaseOf(reservation)} is not inside the subnet ${formatIpv6Prefix(subnet.prefix)}`,
      remedy: 'Choose an address that begins with the prefix of the subnet, or move it to its own subnet.',
    },
  ]
}

function checkPrefix(
  { path, reservation, subnet }: Placed,
  subnets: readonly Subnet[],
): readonly ConfigurationProblem[] {
  const { prefix } = reservation
  const at = [...path, 'prefix']
  const text = formatIpv6Prefix(prefix)
  for (const owner of subnets) {
    for (const pool of owner.prefixPools) {
      const problem = checkAgainstPool(prefix, pool, owner === subnet)
      if (problem !== undefined) return [{ path: at, ...problem }]
    }
  }
  const link = subnets.find((other) => overlap(prefix, other.prefix))
  if (link === undefined || subnet.prefixPools.some((pool) => prefixContainsPrefix(pool.prefix, prefix))) return []
  return [
    {
      path: at,
      message: `${text} overlaps the subnet ${formatIpv6Prefix(link.prefix)}`,
      remedy: 'Delegate a prefix that no link uses.',
    },
  ]
}

function checkAgainstPool(
  prefix: Ipv6Prefix,
  pool: PrefixPool,
  isOwn: boolean,
): Pick<ConfigurationProblem, 'message' | 'remedy'> | undefined {
  const [text, poolText] = [formatIpv6Prefix(prefix), formatIpv6Prefix(pool.prefix)]
  if (!overlap(prefix, pool.prefix)) return undefined
  if (!prefixContainsPrefix(pool.prefix, prefix) || prefix.length < pool.delegatedLength) {
    return {
      message: `${text} overlaps the pool ${poolText}, which delegates prefixes of length ${pool.delegatedLength}`,
      remedy: `Reserve one prefix of length ${pool.delegatedLength} out of the pool, or one outside of it.`,
    }
  }
  if (!isOwn) {
    return {
      message: `${text} lies in the pool ${poolText} of another subnet`,
      remedy: 'Move the reservation to that subnet, or reserve a prefix outside of its pools.',
    }
  }
  if (prefix.length === pool.delegatedLength) return undefined
  return {
    message: `${text} has not the length ${pool.delegatedLength} that the pool ${poolText} delegates`,
    remedy: `Write a prefix of length ${pool.delegatedLength}, or one outside of the pool.`,
  }
}

/** Sorted with the bigger one first, a reserved prefix lies in an earlier one exactly if it begins before that one's end. */
function checkNesting(placed: readonly Placed[]): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  let outer: Placed | undefined
  for (const each of placed.filter(({ reservation }) => reservation.kind === 'prefix').toSorted(byFirst)) {
    const { prefix } = each.reservation
    if (outer === undefined || !prefixContainsPrefix(outer.reservation.prefix, prefix)) outer = each
    else if (prefix.length > outer.reservation.prefix.length) {
      problems.push({
        path: [...each.path, 'prefix'],
        message: `${leaseOf(each.reservation)} lies inside ${leaseOf(outer.reservation)}, reserved at ${pathText(outer.path)}`,
        remedy: 'Two leases may not overlap: change or remove one.',
      })
    }
  }
  return problems
}

function byFirst({ reservation: a }: Placed, { reservation: b }: Placed): number {
  if (a.prefix.address !== b.prefix.address) return a.prefix.address < b.prefix.address ? -1 : 1
  return a.prefix.length - b.prefix.length
}

function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  return prefixContainsPrefix(a, b) || prefixContainsPrefix(b, a)
}

function leaseOf({ kind, prefix }: Reservation): string {
  return kind === 'address' ? formatIpv6Address(prefix.address) : formatIpv6Prefix(prefix)
}
