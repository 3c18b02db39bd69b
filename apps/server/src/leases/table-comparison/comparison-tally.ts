/** What a comparison of two tables has found so far: counts of each pool, and the first leases that differ. */
import { leaseKeyOf, TABLE_DIFFERENCES_KEPT } from '@tandem/api-contract'
import type { ComparedPool, LeaseState, TableDifference } from '@tandem/api-contract'
import { formatIpv6Address, formatIpv6Prefix, ipv6AddressFromBytes, makePrefix } from '@tandem/protocol'
import { countOf } from '../../http/view-values.ts'
import { leaseKeyFromText } from '../../storage/lease-stretches.queries.ts'
import { kindOfKey } from './pool-homes.ts'
import type { PoolHome, PoolHomes } from './pool-homes.ts'

export type Found = 'agrees' | 'differs' | 'only-here' | 'only-there' | 'moving'

interface PoolCounts {
  readonly home: Pick<ComparedPool, 'poolId' | 'subnetId' | 'kind'>
  readonly counts: Record<Found, number>
}

/** A lease that is listed; `key` as `leaseKeyText` has it. */
interface KeptDifference {
  readonly key: string
  readonly outcome: TableDifference['outcome']
  readonly state: LeaseState | null
  readonly poolId: string | null
}

export class ComparisonTally {
  readonly #homes: PoolHomes
  readonly #pools = new Map<string, PoolCounts>()
  readonly #differences: KeptDifference[] = []

  constructor(homes: PoolHomes) {
    this.#homes = homes
  }

  /** `state`: here; null: there is no record. */
  add(key: string, found: Found, state: LeaseState | null): void {
    const home = this.#homes.find(key)
    this.#countsOf(key, home)[found] += 1
    if (found === 'agrees' || found === 'moving' || this.#differences.length >= TABLE_DIFFERENCES_KEPT) return
    this.#differences.push({ key, outcome: found, state, poolId: home?.poolId ?? null })
  }

  get pools(): readonly ComparedPool[] {
    return [...this.#pools.values()].map(({ home, counts }) => ({
      ...home,
      compared: countOf(totalOf(counts)),
      agree: countOf(counts.agrees),
      differ: countOf(counts.differs),
      onlyHere: countOf(counts['only-here']),
      onlyThere: countOf(counts['only-there']),
      moving: countOf(counts.moving),
    }))
  }

  get compared(): number {
    return this.#sum(totalOf)
  }

  get moving(): number {
    return this.#sum(({ moving }) => moving)
  }

  get differing(): number {
    return this.#sum((counts) => counts.differs + counts['only-here'] + counts['only-there'])
  }

  get differences(): readonly TableDifference[] {
    return this.#differences.map(({ key, ...difference }) => {
      const lease = writtenLease(key)
      return { ...difference, lease, key: leaseKeyOf(lease), kind: kindOfKey(key) }
    })
  }

  /** Of those that are listed, the keys of leases that have a record here. */
  get keysHere(): readonly string[] {
    return this.#differences.filter(({ outcome }) => outcome !== 'only-there').map(({ key }) => key)
  }

  #countsOf(key: string, home: PoolHome | undefined): PoolCounts['counts'] {
    const kind = kindOfKey(key)
    const name = home?.poolId ?? kind
    const known = this.#pools.get(name)
    if (known !== undefined) return known.counts
    const counts = { agrees: 0, differs: 0, 'only-here': 0, 'only-there': 0, moving: 0 }
    const { poolId = null, subnetId = null } = home ?? {}
    this.#pools.set(name, { home: { poolId, subnetId, kind }, counts })
    return counts
  }

  #sum(of: (counts: PoolCounts['counts']) => number): number {
    return [...this.#pools.values()].reduce((sum, { counts }) => sum + of(counts), 0)
  }
}

function totalOf(counts: PoolCounts['counts']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function writtenLease(key: string): string {
  const found = leaseKeyFromText(key)
  if (found === undefined) throw new Error(`${key} is not the key of a lease`)
  const address = ipv6AddressFromBytes(found.address)
  return found.kind === 'address' && found.length === 128
    ? formatIpv6Address(address)
    : formatIpv6Prefix(makePrefix(address, found.length))
}
