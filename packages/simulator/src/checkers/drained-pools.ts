/** Which leases are of a pool that a server drains, by what it made durable (decision 0117). */
import { bindingKey, type Effects, type PoolDrain } from '@tandem/engine'
import { lastAddress } from '@tandem/protocol'
import type { NamedLease } from '../actors/client-message.ts'
import type { World } from '../world/world.ts'
import { roleOf } from './checker.ts'

export class DrainedPools {
  readonly #world: World
  readonly #drains = new Map<string, readonly PoolDrain[]>()

  constructor(world: World) {
    this.#world = world
  }

  started(server: string): void {
    this.#drains.set(server, this.#world.server(roleOf(server)).store.drains)
  }

  decided(server: string, { commit }: Effects): void {
    for (const change of commit) if (change.kind === 'drains-put') this.#drains.set(server, change.drains)
  }

  /** Not one that is reserved. */
  has(server: string, { kind, prefix }: NamedLease): boolean {
    const drains = this.#drains.get(server) ?? []
    if (drains.length === 0) return false
    const { subnets } = this.#world.server(roleOf(server)).configuration
    const key = bindingKey(kind, prefix)
    const isReserved = subnets.some(({ reservations }) =>
      reservations.some((each) => bindingKey(each.kind, each.prefix) === key),
    )
    const ranges = subnets.flatMap(({ addressPools, prefixPools }) =>
      kind === 'address'
        ? addressPools
        : prefixPools.map((pool) => ({ id: pool.id, first: pool.prefix.address, last: lastAddress(pool.prefix) })),
    )
    const isDrained = ranges.some(
      ({ id, first, last }) =>
        first <= prefix.address && prefix.address <= last && drains.some(({ pool }) => pool === id),
    )
    return isDrained && !isReserved
  }
}
