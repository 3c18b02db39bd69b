/** What the numbered clients of a failover pair say, as octets (RFC 9915 sections 18.2.2, 18.2.5). */
import {
  clientIdOption,
  duidFromHex,
  encodeDatagram,
  iaAddressOption,
  iaNaOption,
  MessageType,
  option,
  serverIdOption,
  type Duid,
  type Ipv6Address,
} from '@tandem/protocol'

function duidOf(clientNumber: number): Duid {
  return duidFromHex(`00030001020000${clientNumber.toString(16).padStart(6, '0')}`)
}

export function requestOf(clientNumber: number, server: Duid): Uint8Array {
  return encodeDatagram({
    kind: 'client-server',
    type: MessageType.Request,
    transactionId: clientNumber,
    options: [
      option(clientIdOption, duidOf(clientNumber)),
      option(serverIdOption, server),
      option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [] }),
    ],
  })
}

export function rebindOf(clientNumber: number, held: Ipv6Address): Uint8Array {
  const lease = option(iaAddressOption, { address: held, preferredLifetime: 0, validLifetime: 0, options: [] })
  return encodeDatagram({
    kind: 'client-server',
    type: MessageType.Rebind,
    transactionId: clientNumber,
    options: [
      option(clientIdOption, duidOf(clientNumber)),
      option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [lease] }),
    ],
  })
}
