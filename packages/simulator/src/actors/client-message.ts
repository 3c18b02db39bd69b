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
  iaTaOption,
  option,
  OptionCode,
  optionRequestOption,
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
import type { IaType, LeaseKind } from '@tandem/engine'

/** A lease as clients and servers name it on the wire; an address has length 128. */
export interface NamedLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
}

/** One identity association of a client. */
export interface NamedIa {
  readonly iaType: IaType
  readonly iaid: number
}

/** A lease in the IA in which it stands. */
export interface PlacedLease extends NamedLease, NamedIa {}

export interface ToldLease extends PlacedLease {
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
  /** IAs of which the server has no record. */
  readonly unknownIas: readonly NamedIa[]
  readonly isUnknownThere: boolean
  /** IAs with an address that is not of the client's link. */
  readonly offLinkIas: readonly NamedIa[]
  /** Status of the whole message. */
  readonly status: number | undefined
}

export interface ClientMessageParts {
  readonly type: number
  readonly transactionId: number
  readonly client: Duid
  readonly server: Duid | undefined
  readonly ias: readonly NamedIa[]
  readonly isRapid: boolean
  readonly asksForSettings: boolean
  readonly leases: readonly PlacedLease[]
  readonly elapsedMs: number
}

const ELAPSED_MAX = 0xffff

export function nameOf(lease: NamedLease): string {
  return lease.kind === 'address' ? formatIpv6Address(lease.prefix.address) : formatIpv6Prefix(lease.prefix)
}

export function writeClientMessage(parts: ClientMessageParts): ClientServerMessage {
  const options: OptionInstance[] = [option(clientIdOption, parts.client)]
  if (parts.server !== undefined) options.push(option(serverIdOption, parts.server))
  options.push(option(elapsedTimeOption, Math.min(ELAPSED_MAX, Math.floor(parts.elapsedMs / 10))))
  if (parts.isRapid) options.push(option(rapidCommitOption, true))
  if (parts.asksForSettings) options.push(option(optionRequestOption, [OptionCode.DnsServers]))
  options.push(...parts.ias.map((ia) => iaOption(ia, parts.leases)))
  return { kind: 'client-server', type: parts.type, transactionId: parts.transactionId, options }
}

function iaOption(ia: NamedIa, leases: readonly PlacedLease[]): OptionInstance {
  const zero = { preferredLifetime: 0, validLifetime: 0, options: [] }
  const options = leases
    .filter((lease) => isSameIa(lease, ia))
    .map(({ kind, prefix }) =>
      kind === 'address'
        ? option(iaAddressOption, { address: prefix.address, ...zero })
        : option(iaPrefixOption, { prefix, ...zero }),
    )
  switch (ia.iaType) {
    case 'IA_NA':
      return option(iaNaOption, { iaid: ia.iaid, t1: 0, t2: 0, options })
    case 'IA_PD':
      return option(iaPdOption, { iaid: ia.iaid, t1: 0, t2: 0, options })
    case 'IA_TA':
      return option(iaTaOption, { iaid: ia.iaid, options })
  }
}

export function isSameIa(a: NamedIa, b: NamedIa): boolean {
  return a.iaType === b.iaType && a.iaid === b.iaid
}

interface ReadIa extends NamedIa {
  readonly t1: number
  readonly t2: number
  readonly options: Options
}

export function readAnswer(message: ClientServerMessage): ReadAnswer {
  const { options, type, transactionId } = message
  const ias: readonly ReadIa[] = [
    ...findOptions(options, iaNaOption).map((ia): ReadIa => ({ iaType: 'IA_NA', ...ia })),
    ...findOptions(options, iaPdOption).map((ia): ReadIa => ({ iaType: 'IA_PD', ...ia })),
    ...findOptions(options, iaTaOption).map((ia): ReadIa => ({ iaType: 'IA_TA', t1: Infinity, t2: Infinity, ...ia })),
  ]
  const useful = ias.filter((ia) => leasesIn(ia).some(({ validSeconds }) => validSeconds > 0))
  const status = findOption(options, statusCodeOption)?.code
  const unknownIas = withStatus(ias, StatusCode.NoBinding)
  return {
    type,
    transactionId,
    client: findOption(options, clientIdOption),
    server: findOption(options, serverIdOption),
    isRapid: hasOption(options, rapidCommitOption),
    leases: ias.flatMap(leasesIn),
    t1Seconds: Math.min(...useful.map(({ t1 }) => t1)),
    t2Seconds: Math.min(...useful.map(({ t2 }) => t2)),
    unknownIas,
    isUnknownThere: status === StatusCode.NoBinding || unknownIas.length > 0,
    offLinkIas: withStatus(ias, StatusCode.NotOnLink),
    status,
  }
}

function withStatus(ias: readonly ReadIa[], code: number): readonly NamedIa[] {
  return ias
    .filter(({ options }) => findOption(options, statusCodeOption)?.code === code)
    .map(({ iaType, iaid }) => ({ iaType, iaid }))
}

function leasesIn({ iaType, iaid, options }: ReadIa): readonly ToldLease[] {
  return [
    ...findOptions(options, iaAddressOption).map(({ address, preferredLifetime, validLifetime }): ToldLease => ({
      iaType,
      iaid,
      kind: 'address',
      prefix: { address, length: 128 },
      preferredSeconds: preferredLifetime,
      validSeconds: validLifetime,
    })),
    ...findOptions(options, iaPrefixOption).map(({ prefix, preferredLifetime, validLifetime }): ToldLease => ({
      iaType,
      iaid,
      kind: 'prefix',
      prefix,
      preferredSeconds: preferredLifetime,
      validSeconds: validLifetime,
    })),
  ]
}
