/** The messages that a simulated client sends and what it reads from the answers (RFC 9915 section 18.2). */
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
  OptionCode,
  optionRequestOption,
  serverIdOption,
  StatusCode,
  statusCodeOption,
  type ClientServerMessage,
  type Duid,
  type Ipv6Address,
  type Ipv6Prefix,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'

const ELAPSED_MAX = 0xffff

export type ClientLease =
  | { readonly kind: 'address'; readonly address: Ipv6Address }
  | { readonly kind: 'prefix'; readonly prefix: Ipv6Prefix }

export interface GrantedLease {
  readonly lease: ClientLease
  readonly validSeconds: number
}

export interface Wishes {
  readonly address: boolean
  readonly prefix: boolean
}

export const ADDRESS_IAID = 1
export const PREFIX_IAID = 2

export type ClientMessageName = 'solicit' | 'request' | 'renew' | 'rebind' | 'release'

const TYPE_OF: Readonly<Record<ClientMessageName, number>> = {
  solicit: MessageType.Solicit,
  request: MessageType.Request,
  renew: MessageType.Renew,
  rebind: MessageType.Rebind,
  release: MessageType.Release,
}

export interface ClientMessage {
  readonly name: ClientMessageName
  readonly transactionId: number
  readonly client: Duid
  /** Only where the message names one. */
  readonly server: Duid | undefined
  readonly wishes: Wishes
  readonly leases: readonly ClientLease[]
  readonly elapsedMs: number
}

export function writeClientMessage(message: ClientMessage): ClientServerMessage {
  const { name, transactionId, client, server, wishes, leases, elapsedMs } = message
  const addresses = leases.filter((lease) => lease.kind === 'address')
  const prefixes = leases.filter((lease) => lease.kind === 'prefix')
  const options: OptionInstance[] = [option(clientIdOption, client)]
  if (server !== undefined) options.push(option(serverIdOption, server))
  options.push(option(elapsedTimeOption, Math.min(ELAPSED_MAX, Math.floor(elapsedMs / 10))))
  if (name !== 'release') options.push(option(optionRequestOption, [OptionCode.DnsServers, OptionCode.DomainList]))
  if (wishes.address) {
    const inside = addresses.map(({ address }) =>
      option(iaAddressOption, { address, preferredLifetime: 0, validLifetime: 0, options: [] }),
    )
    options.push(option(iaNaOption, { iaid: ADDRESS_IAID, t1: 0, t2: 0, options: inside }))
  }
  if (wishes.prefix) {
    const inside = prefixes.map(({ prefix }) =>
      option(iaPrefixOption, { prefix, preferredLifetime: 0, validLifetime: 0, options: [] }),
    )
    options.push(option(iaPdOption, { iaid: PREFIX_IAID, t1: 0, t2: 0, options: inside }))
  }
  return { kind: 'client-server', type: TYPE_OF[name], transactionId, options }
}

export interface ServerAnswer {
  readonly type: number
  readonly transactionId: number
  readonly server: Duid
  /** Leases with a valid lifetime of zero among them: taken back. */
  readonly granted: readonly GrantedLease[]
  readonly t1Seconds: number | undefined
  readonly t2Seconds: number | undefined
  /** The server knows nothing of an IA that it was asked about. */
  readonly noBinding: boolean
}

/** Undefined for what is not an answer to this client. */
export function readServerAnswer(message: ClientServerMessage, client: Duid): ServerAnswer | undefined {
  const { options, type, transactionId } = message
  const server = findOption(options, serverIdOption)
  if (server === undefined || findOption(options, clientIdOption) !== client) return undefined
  const associations = [...findOptions(options, iaNaOption), ...findOptions(options, iaPdOption)]
  const useful = associations.filter((association) => grantedIn(association.options).some(isAlive))
  return {
    type,
    transactionId,
    server,
    granted: associations.flatMap((association) => grantedIn(association.options)),
    t1Seconds: shortest(useful.map(({ t1 }) => t1)),
    t2Seconds: shortest(useful.map(({ t2 }) => t2)),
    noBinding: [options, ...associations.map((association) => association.options)].some(
      (each) => findOption(each, statusCodeOption)?.code === StatusCode.NoBinding,
    ),
  }
}

export function isAlive({ validSeconds }: GrantedLease): boolean {
  return validSeconds > 0
}

export function leaseText(lease: ClientLease): string {
  return lease.kind === 'address' ? formatIpv6Address(lease.address) : formatIpv6Prefix(lease.prefix)
}

function grantedIn(options: Options): readonly GrantedLease[] {
  return [
    ...findOptions(options, iaAddressOption).map(({ address, validLifetime }): GrantedLease => ({
      lease: { kind: 'address', address },
      validSeconds: validLifetime,
    })),
    ...findOptions(options, iaPrefixOption).map(({ prefix, validLifetime }): GrantedLease => ({
      lease: { kind: 'prefix', prefix },
      validSeconds: validLifetime,
    })),
  ]
}

/** Zero leaves the time to the client. */
function shortest(seconds: readonly number[]): number | undefined {
  const given = seconds.filter((each) => each > 0)
  return given.length === 0 ? undefined : Math.min(...given)
}
