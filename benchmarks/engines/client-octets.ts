/** What the numbered clients of a benchmark send, as octets (RFC 9915 section 18.2), on the link or through a relay. */
import {
  clientIdOption,
  decodeDatagram,
  duidFromHex,
  elapsedTimeOption,
  encodeDatagram,
  findOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  interfaceIdOption,
  MessageType,
  option,
  OptionCode,
  optionRequestOption,
  relayMessageOption,
  remoteIdOption,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
  type Ipv6Address,
  type OptionInstance,
} from '@tandem/protocol'
import { address, linkAddress } from './bench-configuration.ts'

export type Asked = 'address' | 'prefix'

export function clientDuid(client: number): Duid {
  return duidFromHex(`000100012a000000020c${client.toString(16).padStart(8, '0')}`)
}

export function solicitOf(client: number, asked: Asked = 'address'): Uint8Array {
  return messageOf(MessageType.Solicit, client, [emptyIa(asked)])
}

/** Takes up what an ADVERTISE offered. */
export function requestOf(client: number, advertise: ClientServerMessage): Uint8Array {
  const offered = advertise.options.filter(({ code }) => code === iaNaOption.code || code === iaPdOption.code)
  return messageOf(MessageType.Request, client, [serverOf(advertise), ...offered])
}

export function renewOf(client: number, server: Duid, held: Ipv6Address): Uint8Array {
  return messageOf(MessageType.Renew, client, [option(serverIdOption, server), iaWith(held)])
}

export function rebindOf(client: number, held: Ipv6Address): Uint8Array {
  return messageOf(MessageType.Rebind, client, [iaWith(held)])
}

export function releaseOf(client: number, server: Duid, held: Ipv6Address): Uint8Array {
  return messageOf(MessageType.Release, client, [option(serverIdOption, server), iaWith(held)])
}

export function informationRequestOf(client: number): Uint8Array {
  return messageOf(MessageType.InformationRequest, client, [])
}

/** RELAY-FORW as an access node with one hop sends it. */
export function relayed(client: number, message: Uint8Array): Uint8Array {
  return encodeDatagram({
    kind: 'relay',
    type: MessageType.RelayForw,
    hopCount: 0,
    linkAddress,
    peerAddress: address(`fe80::${(client & 0xffff).toString(16)}`),
    options: [
      option(interfaceIdOption, new TextEncoder().encode('ge-0/0/1.100')),
      option(remoteIdOption, { enterprise: 32_473, identifier: new TextEncoder().encode(`line-${client}`) }),
      option(relayMessageOption, message),
    ],
  })
}

/** The message of the server to the client, out of whatever relays put around it; throws for anything else. */
export function answerIn(bytes: Uint8Array): ClientServerMessage {
  const decoded = decodeDatagram(bytes)
  if (!decoded.ok) throw new Error(`an answer that cannot be read: ${decoded.error.detail}`)
  if (decoded.value.kind === 'client-server') return decoded.value
  const inner = findOption(decoded.value.options, relayMessageOption)
  if (inner === undefined) throw new Error('a RELAY-REPL without a message')
  return answerIn(inner)
}

function messageOf(type: number, client: number, more: readonly OptionInstance[]): Uint8Array {
  return encodeDatagram({
    kind: 'client-server',
    type,
    transactionId: client & 0xff_ffff,
    options: [
      option(clientIdOption, clientDuid(client)),
      option(elapsedTimeOption, 0),
      option(optionRequestOption, [OptionCode.DnsServers, OptionCode.DomainList]),
      ...more,
    ],
  })
}

function emptyIa(asked: Asked): OptionInstance {
  return option(asked === 'address' ? iaNaOption : iaPdOption, { iaid: 1, t1: 0, t2: 0, options: [] })
}

function iaWith(held: Ipv6Address): OptionInstance {
  const lease = option(iaAddressOption, { address: held, preferredLifetime: 0, validLifetime: 0, options: [] })
  return option(iaNaOption, { iaid: 1, t1: 0, t2: 0, options: [lease] })
}

function serverOf(advertise: ClientServerMessage): OptionInstance {
  const server = findOption(advertise.options, serverIdOption)
  if (server === undefined) throw new Error('an ADVERTISE without its server')
  return option(serverIdOption, server)
}
