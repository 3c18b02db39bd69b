/** What a client asks, read out of its message once for all handlers (RFC 9915 §8, §21.4 to §21.22). */
import {
  ClientFqdnFlag,
  clientFqdnOption,
  clientIdOption,
  encodeDatagram,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  MessageType,
  option,
  optionRequestOption,
  serverIdOption,
  UNSPECIFIED_ADDRESS,
  type ClientFqdn,
  type ClientServerMessage,
  type Duid,
  type Ipv6Prefix,
  type Options,
  type RelayMessage,
} from '@tandem/protocol'
import { bindingKey, type IaType, type LeaseKind } from '../bindings/binding.ts'
import type { DatagramPeer } from '../events.ts'
import { relayDataOf } from './unwrap-relays.ts'

/** A lease as a client names it: an address has length 128. */
export interface NamedLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
}

export interface RequestedIa {
  readonly iaType: IaType
  readonly iaid: number
  /** Leases named in it; `::` names none. */
  readonly leases: readonly NamedLease[]
  /** The prefix length that the client would like, with or without a prefix (RFC 8168 §3.1). */
  readonly preferredLength: number | undefined
}

export interface ClientRequest {
  readonly message: ClientServerMessage
  readonly clientDuid: Duid | undefined
  readonly serverDuid: Duid | undefined
  /** Each IA once, by type and IAID. */
  readonly ias: readonly RequestedIa[]
  readonly requestedOptions: readonly number[]
  readonly from: DatagramPeer
  readonly relays: readonly RelayMessage[]
}

/** A request whose client said who it is: every one but an anonymous INFORMATION-REQUEST. */
export interface IdentifiedRequest extends ClientRequest {
  readonly clientDuid: Duid
}

export function readClientRequest(
  message: ClientServerMessage,
  from: DatagramPeer,
  relays: readonly RelayMessage[],
): ClientRequest {
  return {
    message,
    clientDuid: findOption(message.options, clientIdOption),
    serverDuid: findOption(message.options, serverIdOption),
    ias: readIas(message.options),
    requestedOptions: findOption(message.options, optionRequestOption) ?? [],
    from,
    relays,
  }
}

function readIas(options: Options): readonly RequestedIa[] {
  const ias = new Map<string, RequestedIa>()
  const add = (ia: RequestedIa): void => {
    const key = `${ia.iaType}/${ia.iaid}`
    if (!ias.has(key)) ias.set(key, ia)
  }
  for (const { iaid, options: inner } of findOptions(options, iaNaOption)) {
    add({ iaType: 'IA_NA', iaid, leases: readAddresses(inner), preferredLength: undefined })
  }
  for (const { iaid, options: inner } of findOptions(options, iaTaOption)) {
    add({ iaType: 'IA_TA', iaid, leases: readAddresses(inner), preferredLength: undefined })
  }
  for (const { iaid, options: inner } of findOptions(options, iaPdOption)) {
    const prefixes = findOptions(inner, iaPrefixOption).map(({ prefix }) => prefix)
    const length = prefixes[0]?.length
    add({
      iaType: 'IA_PD',
      iaid,
      leases: namedOnce(prefixes.map((prefix) => ({ kind: 'prefix', prefix }))),
      preferredLength: length === 0 ? undefined : length,
    })
  }
  return [...ias.values()]
}

function readAddresses(options: Options): readonly NamedLease[] {
  return namedOnce(
    findOptions(options, iaAddressOption).map(({ address }) => ({ kind: 'address', prefix: { address, length: 128 } })),
  )
}

function namedOnce(leases: readonly NamedLease[]): readonly NamedLease[] {
  const named = leases.filter(({ prefix }) => prefix.address !== UNSPECIFIED_ADDRESS)
  return [...new Map(named.map((lease) => [bindingKey(lease.kind, lease.prefix), lease])).values()]
}

/** What a binding keeps of the way its client's last message came. */
export interface RequestOrigin {
  readonly relayData: Uint8Array | undefined
  readonly clientFqdn: Uint8Array | undefined
}

export function originOf(request: ClientRequest): RequestOrigin {
  return { relayData: relayDataOf(request.from, request.relays), clientFqdn: rawFqdn(request.message) }
}

/** msg-type, transaction-id, option-code and option-len, before the value. */
const OCTETS_BEFORE_FIRST_VALUE = 8

/** The decoder keeps no octets of what it knows; its encoding of one option gives them back. */
function rawFqdn(message: ClientServerMessage): Uint8Array | undefined {
  const fqdn = findOption(message.options, clientFqdnOption)
  return fqdn === undefined ? undefined : toRawFqdn(fqdn)
}

/** A name given by the configuration; nobody enters it in DNS (RFC 4704 section 4.1). */
export function reservedFqdn(hostname: string): Uint8Array {
  return toRawFqdn({ flags: ClientFqdnFlag.N, domainName: hostname, fullyQualified: hostname.includes('.') })
}

function toRawFqdn(fqdn: ClientFqdn): Uint8Array {
  return encodeDatagram({
    kind: 'client-server',
    type: MessageType.Reply,
    transactionId: 0,
    options: [option(clientFqdnOption, fqdn)],
  }).slice(OCTETS_BEFORE_FIRST_VALUE)
}
