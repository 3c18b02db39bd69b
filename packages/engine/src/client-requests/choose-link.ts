/** On which link a client is: the relay's link-address or the receiving interface (RFC 9915 §13.1, RFC 6221 §5). */
import { UNSPECIFIED_ADDRESS, type Ipv6Address, type RelayMessage } from '@tandem/protocol'
import type { ListenerConfiguration, Subnet } from '../configuration/configuration.ts'

/** Subnets that share a link: a client there may have leases from each of them. */
export interface Link {
  readonly subnets: readonly Subnet[]
}

/** Subnets of one prefix length, by the bits of their prefix. */
interface PrefixLevel {
  readonly hostBits: bigint
  readonly links: ReadonlyMap<bigint, Link>
}

export class Links {
  readonly #byInterface: ReadonlyMap<string, Link>
  /** Longest prefixes first. */
  readonly #levels: readonly PrefixLevel[]

  constructor(subnets: readonly Subnet[]) {
    const links = groupByLink(subnets)
    this.#byInterface = new Map(
      links.flatMap((link) => link.subnets.flatMap((subnet) => subnet.interfaceNames.map((name) => [name, link]))),
    )
    this.#levels = toLevels(links)
  }

  /** LDRAs and other layer-2 relays leave link-address zero: the relay outside them, or the interface, decides. */
  choose(relays: readonly RelayMessage[], listener: ListenerConfiguration): Link | undefined {
    const named = relays.findLast((relay) => relay.linkAddress !== UNSPECIFIED_ADDRESS)
    if (named !== undefined) return this.#ofAddress(named.linkAddress)
    return listener.interfaceName === undefined ? undefined : this.#byInterface.get(listener.interfaceName)
  }

  #ofAddress(address: Ipv6Address): Link | undefined {
    for (const level of this.#levels) {
      const link = level.links.get(address >> level.hostBits)
      if (link !== undefined) return link
    }
    return undefined
  }
}

interface LinkGroup {
  readonly names: ReadonlySet<string>
  readonly subnets: readonly Subnet[]
}

/** Two subnets with an interface in common are on one link, and so are those joined through a third. */
function groupByLink(subnets: readonly Subnet[]): readonly Link[] {
  let groups: readonly LinkGroup[] = []
  for (const subnet of subnets) {
    const sharing = groups.filter((group) => subnet.interfaceNames.some((name) => group.names.has(name)))
    const merged: LinkGroup = {
      names: new Set([...sharing.flatMap((group) => [...group.names]), ...subnet.interfaceNames]),
      subnets: [...sharing.flatMap((group) => group.subnets), subnet],
    }
    groups = [...groups.filter((group) => !sharing.includes(group)), merged]
  }
  return groups.map((group) => ({ subnets: group.subnets }))
}

function toLevels(links: readonly Link[]): readonly PrefixLevel[] {
  const byLength = new Map<number, Map<bigint, Link>>()
  for (const link of links) {
    for (const { prefix } of link.subnets) {
      const level = byLength.get(prefix.length) ?? new Map<bigint, Link>()
      level.set(prefix.address >> BigInt(128 - prefix.length), link)
      byLength.set(prefix.length, level)
    }
  }
  return [...byLength]
    .sort(([a], [b]) => b - a)
    .map(([length, level]) => ({ hostBits: BigInt(128 - length), links: level }))
}
