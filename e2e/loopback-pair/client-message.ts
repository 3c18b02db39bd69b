/** What the clients of the load say, and what they read in the answers (RFC 9915 section 18.2). */
import {
  clientIdOption,
  elapsedTimeOption,
  findOption,
  findOptions,
  formatIpv6Address,
  formatIpv6Prefix,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  MessageType,
  option,
  serverIdOption,
  type ClientServerMessage,
  type Duid,
  type Ipv6Prefix,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'

export interface ClientLease {
  readonly kind: 'address' | 'prefix'
  /** An address is a prefix of 128 bits here. */
  readonly prefix: Ipv6Prefix
}

export interface Grant {
  readonly lease: ClientLease
  /** Zero: taken back. */
  readonly validSeconds: number
}

export type ClientMessageName = 'solicit' | 'request' | 'renew' | 'rebind' | 'release' | 'decline'

const typeOf: Readonly<Record<ClientMessageName, number>> = {
  solicit: MessageType.Solicit,
  request: MessageType.Request,
  renew: MessageType.Renew,
  rebind: MessageType.Rebind,
  release: MessageType.Release,
  decline: MessageType.Decline,
}

export const ADDRESS_IAID = 1
export const PREFIX_IAID = 2

export interface ClientMessageWish {
  readonly name: ClientMessageName
  readonly transactionId: number
  readonly client: Duid
  /** Named by all but SOLICIT and REBIND. */
  readonly server: Duid | undefined
  readonly wantsPrefix: boolean
  readonly leases: readonly ClientLease[]
}

export function clientMessage(wish: ClientMessageWish): ClientServerMessage {
  const { name, transactionId, client, server, wantsPrefix, leases } = wish
  const options: OptionInstance[] = [option(clientIdOption, client)]
  const namesServer = name !== 'solicit' && name !== 'rebind'
  if (namesServer && server !== undefined) options.push(option(serverIdOption, server))
  options.push(option(elapsedTimeOption, 0))
  const lifetimes = { preferredLifetime: 0, validLifetime: 0, options: [] }
  const addresses = leases
    .filter(({ kind }) => kind === 'address')
    .map(({ prefix }) => option(iaAddressOption, { address: prefix.address, ...lifetimes }))
  options.push(option(iaNaOption, { iaid: ADDRESS_IAID, t1: 0, t2: 0, options: addresses }))
  if (wantsPrefix) {
    const prefixes = leases
      .filter(({ kind }) => kind === 'prefix')
      .map(({ prefix }) => option(iaPrefixOption, { prefix, ...lifetimes }))
    options.push(option(iaPdOption, { iaid: PREFIX_IAID, t1: 0, t2: 0, options: prefixes }))
  }
  return { kind: 'client-server', type: typeOf[name], transactionId, options }
}

export interface ServerAnswer {
  readonly type: number
  readonly transactionId: number
  readonly client: Duid
  readonly server: Duid
  readonly grants: readonly Grant[]
}

export function readAnswer({ type, transactionId, options }: ClientServerMessage): ServerAnswer | undefined {
  const client = findOption(options, clientIdOption)
  const server = findOption(options, serverIdOption)
  if (client === undefined || server === undefined) return undefined
  const associations = [...findOptions(options, iaNaOption), ...findOptions(options, iaPdOption)]
  return { type, transactionId, client, server, grants: associations.flatMap((each) => grantsIn(each.options)) }
}

export function leaseText({ kind, prefix }: ClientLease): string {
  return kind === 'address' ? formatIpv6Address(prefix.address) : formatIpv6Prefix(prefix)
}

function grantsIn(options: Options): readonly Grant[] {
  return [
    ...findOptions(options, iaAddressOption).map(({ address, validLifetime }): Grant => ({
      lease: { kind: 'address', prefix: { address, length: 128 } },
      validSeconds: validLifetime,
    })),
    ...findOptions(options, iaPrefixOption).map(({ prefix, validLifetime }): Grant => ({
      lease: { kind: 'prefix', prefix },
      validSeconds: validLifetime,
    })),
  ]
}
