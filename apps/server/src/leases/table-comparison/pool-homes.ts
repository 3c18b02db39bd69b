/** In which pool a lease is, by the text of its key (`leaseKeyText`), whose order is that of addresses. */
import type { LeaseKind } from '@tandem/api-contract'
import type { EngineConfiguration } from '@tandem/engine'
import { ipv6AddressToBytes, lastAddress } from '@tandem/protocol'
import type { Ipv6Address } from '@tandem/protocol'

export interface PoolHome {
  readonly poolId: string
  readonly subnetId: string
  readonly kind: LeaseKind
}

interface Range extends PoolHome {
  /** Hexadecimal digits; both ends belong to it. */
  readonly first: string
  readonly last: string
}

export class PoolHomes {
  readonly #ranges: Readonly<Record<LeaseKind, readonly Range[]>>

  constructor({ subnets }: Pick<EngineConfiguration, 'subnets'>, relationship: string) {
    const own = subnets.filter((subnet) => subnet.relationship === relationship)
    const addresses = own.flatMap(({ id: subnetId, addressPools }) =>
      addressPools.map(({ id, first, last }): Range => {
        return { poolId: id, subnetId, kind: 'address', first: digitsOf(first), last: digitsOf(last) }
      }),
    )
    const prefixes = own.flatMap(({ id: subnetId, prefixPools }) =>
      prefixPools.map(({ id, prefix }): Range => {
        const last = digitsOf(lastAddress(prefix))
        return { poolId: id, subnetId, kind: 'prefix', first: digitsOf(prefix.address), last }
      }),
    )
    this.#ranges = { address: addresses.toSorted(byFirst), prefix: prefixes.toSorted(byFirst) }
  }

  /** Undefined: it is in none, as a reservation outside of all pools is. */
  find(key: string): PoolHome | undefined {
    const ranges = this.#ranges[kindOfKey(key)]
    const digits = key.slice(1, 33)
    let from = 0
    let to = ranges.length
    while (from < to) {
      const middle = (from + to) >> 1
      const range = ranges[middle]
      if (range !== undefined && range.first <= digits) from = middle + 1
      else to = middle
    }
    const range = ranges[from - 1]
    return range !== undefined && digits <= range.last ? range : undefined
  }
}

export function kindOfKey(key: string): LeaseKind {
  return key.startsWith('a') ? 'address' : 'prefix'
}

function byFirst(a: Range, b: Range): number {
  return a.first < b.first ? -1 : 1
}

function digitsOf(address: Ipv6Address): string {
  return Buffer.from(ipv6AddressToBytes(address)).toString('hex')
}
