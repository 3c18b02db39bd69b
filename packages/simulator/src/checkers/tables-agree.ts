/** Once faults have stopped, both servers reach NORMAL and their tables say the same (RFC 8156 sections 4.3 and 7.5). */
import { keyOf, leaseText, type Binding } from '@tandem/engine'
import type { ServerProcess } from '../world/server-process.ts'
import type { World } from '../world/world.ts'
import { holderOf } from '../world/lease-holder.ts'

/** Differences between what both have on disk; empty when they agree. */
export function tableDifferences(world: World): readonly string[] {
  const { areAddressesShared } = world.settings
  const primary = meaningOf(leasesOf(world, world.primary), areAddressesShared)
  const secondary = meaningOf(leasesOf(world, world.secondary), areAddressesShared)
  const differences: string[] = []
  for (const key of new Set([...primary.keys(), ...secondary.keys()])) {
    const [first, second] = [primary.get(key), secondary.get(key)]
    if (first?.meaning === second?.meaning) continue
    const lease = first?.lease ?? second?.lease ?? key
    differences.push(`${lease}: primary ${first?.meaning ?? 'available'}, secondary ${second?.meaning ?? 'available'}`)
  }
  return differences
}

/** Available leases without an entry are the same as no record; who owns a prefix, or an address of a shared pool, must be agreed all the same. */
function meaningOf(
  bindings: Iterable<Binding>,
  areAddressesShared: boolean,
): ReadonlyMap<string, { readonly lease: string; readonly meaning: string }> {
  const found = new Map<string, { readonly lease: string; readonly meaning: string }>()
  for (const binding of bindings) {
    const isAvailable = binding.status === 'FREE' || binding.status === 'FREE-BACKUP'
    if (isAvailable && binding.kind === 'address' && !areAddressesShared) continue
    const meaning = isAvailable ? binding.status : `${binding.status} ${holderOf(binding) ?? ''}`
    found.set(keyOf(binding), { lease: leaseText(binding), meaning })
  }
  return found
}

/** What was given while a server ran with a larger pool than its partner is refused by that for good, and ends by itself. */
export function* leasesOf(world: World, server: ServerProcess): Generator<Binding> {
  const pools = world.servers.map(({ configuration }) => configuration.subnets.flatMap((subnet) => subnet.addressPools))
  const isShared = ({ address }: Binding['prefix']): boolean =>
    pools.every((each) => each.some(({ first, last }) => first <= address && address <= last))
  for (const binding of server.store.bindings()) {
    if (binding.kind === 'prefix' || isShared(binding.prefix)) yield binding
  }
}
