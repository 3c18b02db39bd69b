/** Clients of a pair of whole engines: what they send, and what they are told. */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  findOption,
  findOptions,
  formatIpv6Address,
  formatIpv6Prefix,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  MessageType,
  option,
  relayMessageOption,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
  type OptionInstance,
  type Options,
  type RelayMessage,
} from '@tandem/protocol'
import { bindingKey, type Binding, type Role, type Subnet } from '../src/index.ts'
import { address, FailoverPair } from './failover-pair.ts'
import { prefix } from './served-link.ts'

/** A pair in NORMAL with sixteen addresses and sixteen prefixes; `changes` are made on both. */
export function servingPair(changes: Partial<Subnet> = {}): FailoverPair {
  const pair = new FailoverPair()
  for (const role of ['primary', 'secondary'] as const) configureSubnet(pair, role, changes)
  pair.startBoth()
  pair.run(3)
  return pair
}

/** In force with the next start of the server. */
export function configureSubnet(pair: FailoverPair, role: Role, changes: Partial<Subnet>): void {
  const server = pair.server(role)
  server.configuration = {
    ...server.configuration,
    subnets: server.configuration.subnets.map((subnet) => ({
      ...subnet,
      addressPools: [{ id: 'addresses', first: address('2001:db8:1::10'), last: address('2001:db8:1::1f') }],
      prefixPools: [{ id: 'prefixes', prefix: prefix('2001:db8:8000::/52'), delegatedLength: 56 }],
      ...changes,
    })),
  }
}

export const ia = (iaid: number, ...leases: readonly OptionInstance[]): OptionInstance =>
  option(iaNaOption, { iaid, t1: 0, t2: 0, options: leases })
export const pd = (iaid: number, ...leases: readonly OptionInstance[]): OptionInstance =>
  option(iaPdOption, { iaid, t1: 0, t2: 0, options: leases })
export const named = (text: string): OptionInstance =>
  option(iaAddressOption, { address: address(text), preferredLifetime: 0, validLifetime: 0, options: [] })
export const namedPrefix = (text: string): OptionInstance =>
  option(iaPrefixOption, { prefix: prefix(text), preferredLifetime: 0, validLifetime: 0, options: [] })

/** The two identifiers of a message for this server. */
export function to(pair: FailoverPair, role: Role, client: Duid): readonly OptionInstance[] {
  return [option(clientIdOption, client), option(serverIdOption, pair.server(role).configuration.serverDuid)]
}

/** One message of a client on the link, through a relay where one is given; the answer to the client. */
export function clientSends(
  pair: FailoverPair,
  role: Role,
  type: number,
  options: readonly OptionInstance[],
  relay?: Omit<RelayMessage, 'kind' | 'type'>,
): ClientServerMessage | undefined {
  const inner = encodeDatagram({ kind: 'client-server', type, transactionId: 7, options })
  const effects = pair.handle(role, {
    kind: 'datagram-received',
    listenerId: 'eth0',
    from: { address: 'fe80::1%eth0', port: 546 },
    bytes: relay === undefined ? inner : relayed(relay, inner),
    arrivedAt: pair.now,
  })
  pair.settle()
  for (const output of effects?.afterCommit ?? []) {
    if (output.kind === 'send-datagram') return messageInside(output.bytes)
  }
  return undefined
}

function relayed(relay: Omit<RelayMessage, 'kind' | 'type'>, inner: Uint8Array): Uint8Array {
  const options = [...relay.options, option(relayMessageOption, inner)]
  return encodeDatagram({ kind: 'relay', type: MessageType.RelayForw, ...relay, options })
}

function messageInside(bytes: Uint8Array): ClientServerMessage {
  const decoded = decodeDatagram(bytes)
  if (!decoded.ok) throw new Error(`an answer that cannot be read: ${decoded.error.detail}`)
  const { value } = decoded
  if (value.kind === 'client-server') return value
  const inner = findOption(value.options, relayMessageOption)
  if (inner === undefined) throw new Error('a RELAY-REPL without a message')
  return messageInside(inner)
}

/** Every lease with a lifetime in an answer, addresses first. */
export function leasesOf(message: ClientServerMessage | undefined): readonly string[] {
  return leasesWith(message?.options ?? [], (validLifetime) => validLifetime > 0)
}

/** Every lease that the client is told not to use any more. */
export function withdrawnIn(message: ClientServerMessage | undefined): readonly string[] {
  return leasesWith(message?.options ?? [], (validLifetime) => validLifetime === 0)
}

function leasesWith(options: Options, condition: (validLifetime: number) => boolean): readonly string[] {
  const addresses = [...findOptions(options, iaNaOption), ...findOptions(options, iaTaOption)]
    .flatMap((each) => findOptions(each.options, iaAddressOption))
    .filter(({ validLifetime }) => condition(validLifetime))
    .map((lease) => formatIpv6Address(lease.address))
  const prefixes = findOptions(options, iaPdOption)
    .flatMap((each) => findOptions(each.options, iaPrefixOption))
    .filter(({ validLifetime }) => condition(validLifetime))
    .map((lease) => formatIpv6Prefix(lease.prefix))
  return [...addresses, ...prefixes]
}

/** What this server's storage holds of a lease. */
export function recordAt(pair: FailoverPair, role: Role, lease: string): Binding | undefined {
  const key = lease.includes('/')
    ? bindingKey('prefix', prefix(lease))
    : bindingKey('address', { address: address(lease), length: 128 })
  return pair.server(role).bindings.get(key)
}
