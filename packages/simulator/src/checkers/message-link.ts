/** On which link a client's message was sent, by the relay's word or the interface (RFC 9915 section 13.1). */
import { decodeDatagram, prefixContains, prefixContainsPrefix, type Ipv6Address } from '@tandem/protocol'
import type { EngineConfiguration, EngineEvent } from '@tandem/engine'
import type { NamedLease } from '../actors/client-message.ts'

type Subnet = EngineConfiguration['subnets'][number]

/** The world's links have one subnet each. */
export function subnetOf(event: EngineEvent, { subnets }: EngineConfiguration): Subnet | undefined {
  if (event.kind !== 'datagram-received') return undefined
  const linkAddress = linkAddressOf(event.bytes)
  return linkAddress === undefined
    ? subnets.find(({ interfaceNames }) => interfaceNames.includes(event.listenerId))
    : subnets.find(({ prefix }) => prefixContains(prefix, linkAddress))
}

/** Both servers get the same octets, and several checkers look at them; they are read once. */
const linkAddresses = new WeakMap<Uint8Array, { readonly linkAddress: Ipv6Address | undefined }>()

/** Undefined: it came without a relay. */
function linkAddressOf(bytes: Uint8Array): Ipv6Address | undefined {
  let read = linkAddresses.get(bytes)
  if (read === undefined) {
    const decoded = decodeDatagram(bytes)
    read = { linkAddress: decoded.ok && decoded.value.kind === 'relay' ? decoded.value.linkAddress : undefined }
    linkAddresses.set(bytes, read)
  }
  return read.linkAddress
}

/** In the subnet, in one of its pools of prefixes, or kept there for somebody. */
export function isOfSubnet(lease: NamedLease, { prefix, prefixPools, reservations }: Subnet): boolean {
  if (lease.kind === 'address') return prefixContains(prefix, lease.prefix.address)
  return [...prefixPools, ...reservations.filter(({ kind }) => kind === 'prefix')].some((each) =>
    prefixContainsPrefix(each.prefix, lease.prefix),
  )
}
