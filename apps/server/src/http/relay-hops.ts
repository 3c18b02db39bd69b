/** What relays said of a client, out of the stored value of OPTION_LQ_RELAY_DATA (RFC 5007 section 4.1.2.4). */
import type { RelayHop } from '@tandem/api-contract'
import {
  decodeDatagram,
  findOption,
  formatIpv6Address,
  formatOctets,
  interfaceIdOption,
  ipv6AddressFromBytes,
  relayMessageOption,
  remoteIdOption,
  subscriberIdOption,
} from '@tandem/protocol'

const ADDRESS_OCTETS = 16
const PRINTABLE = /^[\x20-\x7e]+$/

/** The relay that this server heard comes first, the one beside the client last. Empty: none, or nothing that can be read. */
export function relayHopsOf(data: Uint8Array): RelayHop[] {
  return relayPathOf(data).hops
}

export interface RelayPath {
  readonly hops: RelayHop[]
  /** From which the relay beside the client heard it. */
  readonly client: string | null
}

export function relayPathOf(data: Uint8Array): RelayPath {
  const hops: RelayHop[] = []
  if (data.length <= ADDRESS_OCTETS) return { hops, client: null }
  let heardFrom = ipv6AddressFromBytes(data.subarray(0, ADDRESS_OCTETS))
  let message: Uint8Array | undefined = data.subarray(ADDRESS_OCTETS)
  while (message !== undefined) {
    const decoded = decodeDatagram(message)
    if (!decoded.ok || decoded.value.kind !== 'relay') break
    const { linkAddress, peerAddress, options } = decoded.value
    const remote = findOption(options, remoteIdOption)
    hops.push({
      address: formatIpv6Address(heardFrom),
      linkAddress: formatIpv6Address(linkAddress),
      interfaceId: readable(findOption(options, interfaceIdOption)),
      remoteId: readable(remote?.identifier),
      remoteIdEnterprise: remote?.enterprise ?? null,
      subscriberId: readable(findOption(options, subscriberIdOption)),
    })
    heardFrom = peerAddress
    message = findOption(options, relayMessageOption)
  }
  return { hops, client: hops.length === 0 ? null : formatIpv6Address(heardFrom) }
}

/** Octets of which a relay alone knows the meaning: as text where they are text, and as the search for relays takes them. */
function readable(octets: Uint8Array | undefined): string | null {
  if (octets === undefined || octets.length === 0) return null
  const text = String.fromCodePoint(...octets)
  return PRINTABLE.test(text) ? text : formatOctets(octets)
}
