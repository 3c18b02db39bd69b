/** What a simulated client writes and what it reads from an answer (RFC 9915 section 18.2). */
import {
  clientIdOption,
  elapsedTimeOption,
  findOption,
  findOptions,
  formatIpv6Address,
  formatIpv6Prefix,
  hasOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  option,
  rapidCommitOption,
  serverIdOption,
  StatusCode,
  statusCodeOption,
  type ClientServerMessage,
  type Duid,
  type Ipv6Prefix,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import type { LeaseKind } from '@tandem/engine'

/** A lease as clients and servers name it on the wire; an address has length 128. */
export interface NamedLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
}

export interface ToldLease extends NamedLease {
  readonly validSeconds: number
  readonly preferredSeconds: number
}

export interface ReadAnswer {
  readonly type: number
  readonly transactionId: number
  readonly client: Duid | undefined
  readonly server: Duid | undefined
  readonly isRapid: boolean
  /** A valid lifetime of zero means: taken back. */
  readonly leases: readonly ToldLease[]
  readonly t1Seconds: number
  readonly t2Seconds: number
  readonly isUnknownThere: boolean
}

export interface ClientMessageParts {
  readonly type: number
  readonly transactionId: number
  readonly client: Duid
  readonly server: Duid | undefined
  readonly wantsAddress: boolean
  readonly wantsPrefix: boolean
  readonly isRapid: boolean
  readonly leases: readonly NamedLease[]
  readonly elapsedMs: number
}

const ADDRESS_IAID = 1
const PREFIX_IAID = 2
const ELAPSED_MAX = 0xffff

export function nameOf(lease: NamedLease): string {
  return lease.kind === 'address' ? formatIpv6Address(lease.prefix.address) : formatIpv6Prefix(lease.prefix)
}

export function writeClientMessage(parts: ClientMessageParts): ClientServerMessage {
  const options: OptionInstance[] = [option(clientIdOption, parts.client)]
  if (parts.server !== undefined) options.push(option(serverIdOption, parts.server))
  options.push(option(elapsedTimeOption, Math.min(ELAPSED_MAX, Math.floor(parts.elapsedMs / 10))))
  if (parts.isRapid) options.push(option(rapidCommitOption, true))
  const zero = { preferredLifetime: 0, validLifetime: 0, options: [] }
  if (parts.wantsAddress) {
    const named = parts.leases.filter(({ kind }) => kind === 'address')
    const inside = named.map(({ prefix }) => option(iaAddressOption, { address: prefix.address, ...zero }))
    options.push(option(iaNaOption, { iaid: ADDRESS_IAID, t1: 0, t2: 0, options: inside }))
  }
  if (parts.wantsPrefix) {
    const named = parts.leases.filter(({ kind }) => kind === 'prefix')
    const inside = named.map(({ prefix }) => option(iaPrefixOption, { prefix, ...zero }))
    options.push(option(iaPdOption, { iaid: PREFIX_IAID, t1: 0, t2: 0, options: inside }))
  }
  return { kind: 'client-server', type: parts.type, transactionId: parts.transactionId, options }
}

export function readAnswer(message: ClientServerMessage): ReadAnswer {
  const { options, type, transactionId } = message
  const ias = [...findOptions(options, iaNaOption), ...findOptions(options, iaPdOption)]
  const useful = ias.filter((ia) => leasesIn(ia.options).some(({ validSeconds }) => validSeconds > 0))
  return {
    type,
    transactionId,
    client: findOption(options, clientIdOption),
    server: findOption(options, serverIdOption),
    isRapid: hasOption(options, rapidCommitOption),
    leases: ias.flatMap((ia) => leasesIn(ia.options)),
    t1Seconds: Math.min(...useful.map(({ t1 }) => t1)),
    t2Seconds: Math.min(...useful.map(({ t2 }) => t2)),
    isUnknownThere: [options, ...ias.map((ia) => ia.options)].some(
      (each) => findOption(each, statusCodeOption)?.code === StatusCode.NoBinding,
    ),
  }
}

function leasesIn(options: Options): readonly ToldLease[] {
  return [
    ...findOptions(options, iaAddressOption).map(({ address, preferredLifetime, validLifetime }): ToldLease => ({
      kind: 'address',
      prefix: { address, length: 128 },
      preferredSeconds: preferredLifetime,
      validSeconds: validLifetime,
    })),
    ...findOptions(options, iaPrefixOption).map(({ prefix, preferredLifetime, validLifetime }): ToldLease => ({
      kind: 'prefix',
      prefix,
      preferredSeconds: preferredLifetime,
      validSeconds: validLifetime,
    })),
  ]
}
