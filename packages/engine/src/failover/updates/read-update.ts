/** A BNDUPD as what it says of each lease, with what is missing from it (RFC 8156 sections 7.4, 7.5.3). */
import {
  bindingStatusName,
  bindingStatusOption,
  clientDataOption,
  clientFqdnOption,
  clientIdOption,
  cltTimeOption,
  expirationTimeOption,
  findOption,
  findOptions,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  lqBaseTimeOption,
  lqRelayDataOption,
  partnerLifetimeOption,
  partnerRawCltTimeOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  StatusCode,
  vssOption,
  VssType,
  type Duid,
  type IaAddress,
  type IaPrefix,
  type Ipv6Prefix,
  type Options,
} from '@tandem/protocol'
import type { BindingClient, BindingStatus, IaType, LeaseKind } from '../../bindings/binding.ts'
import { addSeconds, type Instant } from '../../time/instant.ts'
import { availableStatus } from './available-status.ts'
import { rawClientFqdn, rawRelayData } from './raw-options.ts'
import { fromWire, optionalFromWire } from './wire-time.ts'

/** Why an update, or one lease in it, is not taken. */
export interface Refusal {
  readonly statusCode: number
  readonly text: string
}

export interface ToldLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly client: BindingClient | undefined
  readonly t1Seconds: number
  readonly t2Seconds: number
  readonly preferredSeconds: number
  readonly validSeconds: number
  readonly relayData: Uint8Array | undefined
  readonly clientFqdn: Uint8Array | undefined
  readonly status: BindingStatus
  readonly statusSince: Instant
  readonly statusExpiresAt: Instant | undefined
  readonly clientHeardAt: Instant | undefined
  readonly partnerRawCltTime: Instant | undefined
  readonly partnerLifetime: Instant | undefined
  readonly expirationTime: Instant | undefined
}

/** One IAADDR or IAPREFIX with its place in the message, so that the answer can mirror it. */
export interface LeaseEntry {
  /** Index among the options of the container; undefined: the container is the lease. */
  readonly iaIndex: number | undefined
  /** Index among the options of the IA. */
  readonly leaseIndex: number
  readonly lease: ToldLease | Refusal
}

export type ReadUpdate =
  | { readonly container: 'none' }
  | { readonly container: 'client-data'; readonly options: Options; readonly content: readonly LeaseEntry[] | Refusal }
  | { readonly container: 'address'; readonly value: IaAddress; readonly content: readonly LeaseEntry[] | Refusal }
  | { readonly container: 'prefix'; readonly value: IaPrefix; readonly content: readonly LeaseEntry[] | Refusal }

interface ClientContext {
  readonly duid: Duid
  readonly relayData: Uint8Array | undefined
  readonly baseTime: Instant
}

interface CarriedLease {
  readonly kind: LeaseKind
  readonly prefix: Ipv6Prefix
  readonly preferredLifetime: number
  readonly validLifetime: number
  readonly options: Options
}

export function isRefusal(value: object): value is Refusal {
  return 'statusCode' in value
}

/** `isShared`: is this lease owned by status (decision 0078)? */
export type IsShared = (kind: LeaseKind, prefix: Ipv6Prefix) => boolean

const onlyPrefixes: IsShared = (kind) => kind === 'prefix'

export function readUpdate(message: Options, now: Instant, isShared: IsShared = onlyPrefixes): ReadUpdate {
  const clientDatas = findOptions(message, clientDataOption)
  const prefixes = findOptions(message, iaPrefixOption)
  const addresses = findOptions(message, iaAddressOption)
  const count = clientDatas.length + prefixes.length + addresses.length
  const tooMany = count > 1 ? missing('more than one container') : undefined
  const [clientData] = clientDatas
  if (clientData !== undefined) {
    return {
      container: 'client-data',
      options: clientData,
      content: tooMany ?? readClientData(clientData, now, isShared),
    }
  }
  const [value] = prefixes
  if (value !== undefined) {
    const content = tooMany ?? readLeaseAlone({ kind: 'prefix', ...value }, now, isShared)
    return { container: 'prefix', value, content }
  }
  const [address] = addresses
  if (address === undefined) return { container: 'none' }
  const carried: CarriedLease = { kind: 'address', prefix: { address: address.address, length: 128 }, ...address }
  return { container: 'address', value: address, content: tooMany ?? readLeaseAlone(carried, now, isShared) }
}

function readLeaseAlone(carried: CarriedLease, now: Instant, isShared: IsShared): readonly LeaseEntry[] | Refusal {
  if (hasForeignVpn(carried.options)) return foreignVpn
  const baseTime = findOption(carried.options, lqBaseTimeOption)
  if (baseTime === undefined) return missing('no base time')
  const lease = readLease(carried, undefined, { t1: 0, t2: 0, options: [] }, undefined, now, isShared)
  return [{ iaIndex: undefined, leaseIndex: 0, lease }]
}

function readClientData(options: Options, now: Instant, isShared: IsShared): readonly LeaseEntry[] | Refusal {
  if (hasForeignVpn(options)) return foreignVpn
  const duid = findOption(options, clientIdOption)
  const baseTime = findOption(options, lqBaseTimeOption)
  if (duid === undefined) return missing('no client identifier')
  if (baseTime === undefined) return missing('no base time')
  const relayData = findOption(options, lqRelayDataOption)
  const context: ClientContext = {
    duid,
    relayData: relayData === undefined ? undefined : rawRelayData(relayData),
    baseTime: fromWire(baseTime, now),
  }
  const entries: LeaseEntry[] = []
  let empty = false
  for (const [iaIndex, instance] of options.entries()) {
    const ia = readIa([instance])
    if (ia === undefined) continue
    const leases = readLeasesOf(ia, context, iaIndex, now, isShared)
    empty ||= leases.length === 0
    entries.push(...leases)
  }
  if (entries.length === 0 || empty) return missing('an identity association without a lease, or none at all')
  return entries
}

interface ReadIa {
  readonly iaType: IaType
  readonly iaid: number
  readonly t1: number
  readonly t2: number
  readonly options: Options
}

function readIa(single: Options): ReadIa | undefined {
  const na = findOption(single, iaNaOption)
  if (na !== undefined) return { iaType: 'IA_NA', ...na }
  const pd = findOption(single, iaPdOption)
  if (pd !== undefined) return { iaType: 'IA_PD', ...pd }
  const ta = findOption(single, iaTaOption)
  return ta === undefined ? undefined : { iaType: 'IA_TA', t1: 0, t2: 0, ...ta }
}

function readLeasesOf(
  ia: ReadIa,
  context: ClientContext,
  iaIndex: number,
  now: Instant,
  isShared: IsShared,
): readonly LeaseEntry[] {
  const client: BindingClient = { duid: context.duid, iaType: ia.iaType, iaid: ia.iaid }
  const entries: LeaseEntry[] = []
  for (const [leaseIndex, instance] of ia.options.entries()) {
    const carried = readCarried(ia.iaType, [instance])
    if (carried === undefined) continue
    entries.push({ iaIndex, leaseIndex, lease: readLease(carried, client, ia, context, now, isShared) })
  }
  return entries
}

function readCarried(iaType: IaType, single: Options): CarriedLease | undefined {
  if (iaType === 'IA_PD') {
    const prefix = findOption(single, iaPrefixOption)
    return prefix === undefined ? undefined : { kind: 'prefix', ...prefix }
  }
  const address = findOption(single, iaAddressOption)
  return address === undefined
    ? undefined
    : { kind: 'address', prefix: { address: address.address, length: 128 }, ...address }
}

function readLease(
  carried: CarriedLease,
  client: BindingClient | undefined,
  ia: Pick<ReadIa, 't1' | 't2' | 'options'>,
  context: ClientContext | undefined,
  now: Instant,
  isShared: IsShared,
): ToldLease | Refusal {
  const { options } = carried
  const statusCode = findOption(options, bindingStatusOption)
  // RFC 8156 sections 5.5.17 and 7.4 disagree on the level; both are read (digest A3).
  const since = findOption(options, startTimeOfStateOption) ?? findOption(ia.options, startTimeOfStateOption)
  if (statusCode === undefined) return missing('no binding status')
  if (since === undefined) return missing('no start time of state')
  const status = toStatus(statusCode, carried, isShared(carried.kind, carried.prefix))
  const statusExpiresAt = optionalFromWire(findOption(options, stateExpirationTimeOption), now)
  const partnerLifetime = optionalFromWire(findOption(options, partnerLifetimeOption), now)
  if (status === 'ACTIVE') {
    if (client === undefined) return missing('ACTIVE without a client')
    if (statusExpiresAt === undefined) return missing('ACTIVE without its expiration')
    if (partnerLifetime === undefined) return missing('ACTIVE without a partner lifetime')
  }
  const secondsAgo = findOption(options, cltTimeOption)
  const fqdn = findOption(options, clientFqdnOption)
  return {
    kind: carried.kind,
    prefix: carried.prefix,
    client,
    t1Seconds: ia.t1,
    t2Seconds: ia.t2,
    preferredSeconds: carried.preferredLifetime,
    validSeconds: carried.validLifetime,
    relayData: context?.relayData,
    clientFqdn: fqdn === undefined ? undefined : rawClientFqdn(fqdn),
    status,
    statusSince: fromWire(since, now),
    statusExpiresAt,
    clientHeardAt:
      context === undefined || secondsAgo === undefined ? undefined : addSeconds(context.baseTime, -secondsAgo),
    partnerRawCltTime: optionalFromWire(findOption(options, partnerRawCltTimeOption), now),
    partnerLifetime,
    expirationTime: optionalFromWire(findOption(options, expirationTimeOption), now),
  }
}

/** PENDING-FREE is what it becomes (digest A35); an address that is not shared is available to its half, whatever was said (digest A1). */
function toStatus(code: number, carried: CarriedLease, isShared: boolean): BindingStatus {
  const name = bindingStatusName(code)
  switch (name) {
    case 'ACTIVE':
    case 'EXPIRED':
    case 'RELEASED':
    case 'ABANDONED':
    case 'RESET':
      return name
    case 'FREE':
    case 'FREE-BACKUP':
      return isShared ? name : availableStatus('address', carried.prefix)
    default:
      return availableStatus(carried.kind, carried.prefix, isShared)
  }
}

const foreignVpn: Refusal = { statusCode: StatusCode.ConfigurationConflict, text: 'this VPN is not configured here' }

/** We have no VPN but the global one. */
function hasForeignVpn(options: Options): boolean {
  const vss = findOption(options, vssOption)
  return vss !== undefined && vss.type !== VssType.GlobalDefault
}

function missing(text: string): Refusal {
  return { statusCode: StatusCode.MissingBindingInformation, text }
}
