/** One lease as the options of a BNDUPD (RFC 8156 section 7.4): inside its client's data, or a prefix on its own. */
import { hasBug } from '../../deliberate-bug.ts'
import {
  bindingStatusOption,
  BindingStatusCode,
  clientDataOption,
  clientIdOption,
  cltTimeOption,
  expirationTimeOption,
  iaAddressOption,
  iaNaOption,
  iaPdOption,
  iaPrefixOption,
  iaTaOption,
  lqBaseTimeOption,
  option,
  partnerLifetimeOption,
  partnerRawCltTimeOption,
  startTimeOfStateOption,
  stateExpirationTimeOption,
  dhcpTimeDifferenceSeconds,
  type DhcpTime,
  type OptionInstance,
  type Options,
} from '@tandem/protocol'
import type { Pools } from '../../allocation/pools.ts'
import type { Binding, BindingClient, BindingStatus } from '../../bindings/binding.ts'
import { latest, type Instant } from '../../time/instant.ts'
import { isEnded } from './available-status.ts'
import { clientFqdnFromRaw, relayDataFromRaw } from './raw-options.ts'
import { NO_TIME, toWire } from './wire-time.ts'

const statusCodes: Readonly<Record<BindingStatus, number>> = {
  ACTIVE: BindingStatusCode.Active,
  EXPIRED: BindingStatusCode.Expired,
  RELEASED: BindingStatusCode.Released,
  FREE: BindingStatusCode.Free,
  'FREE-BACKUP': BindingStatusCode.FreeBackup,
  ABANDONED: BindingStatusCode.Abandoned,
  RESET: BindingStatusCode.Reset,
}

export interface BuiltUpdate {
  readonly options: Options
  readonly partnerLifetimeTold: DhcpTime | undefined
}

/**
 * RFC 8156 has no client-less form for an address, so one without a client is not told (digest 5.4, A21), unless it is
 * of a pool that both partners have announced as proportional (decision 0078).
 */
export function canBeTold(binding: Binding, pools: Pools): boolean {
  return binding.client !== undefined || pools.isShared(binding.kind, binding.prefix)
}

/** `mayHavePromised`: the partner, which recovers, has to know what we acknowledged to it of an ended lease (decision 0030). */
export function buildUpdate(binding: Binding, now: Instant, mayHavePromised = false): BuiltUpdate {
  const partnerLifetimeTold = partnerLifetimeToTell(binding)
  const { client } = binding
  const status = mayHavePromised
    ? [...statusOptions(binding, partnerLifetimeTold), ...acknowledgedOptions(binding)]
    : statusOptions(binding, partnerLifetimeTold)
  const container =
    client === undefined
      ? leaseAlone(binding, now, status)
      : option(clientDataOption, clientData(binding, client, now, status))
  return { options: [container], partnerLifetimeTold }
}

/** Where everything had been acknowledged and the whole database is asked for, the promise stands as it was. */
function partnerLifetimeToTell(binding: Binding): DhcpTime | undefined {
  if (binding.statusExpiresAt === undefined) return undefined
  return toWire(binding.partnerLifetime ?? latest(binding.statusExpiresAt, binding.ackedPartnerLifetime))
}

function clientData(binding: Binding, client: BindingClient, now: Instant, status: Options): Options {
  const relayData = binding.relayData === undefined ? undefined : relayDataFromRaw(binding.relayData)
  return [
    option(clientIdOption, client.duid),
    option(lqBaseTimeOption, toWire(now)),
    ...(relayData === undefined ? [] : [relayData]),
    identityAssociation(binding, client, leaseOptions(binding, now, status)),
  ]
}

function identityAssociation(binding: Binding, client: BindingClient, options: Options): OptionInstance {
  const lifetimes = { preferredLifetime: binding.preferredSeconds, validLifetime: binding.validSeconds }
  const timed = { iaid: client.iaid, t1: binding.t1Seconds, t2: binding.t2Seconds }
  const address = (): OptionInstance =>
    option(iaAddressOption, { address: binding.prefix.address, ...lifetimes, options })
  switch (client.iaType) {
    case 'IA_NA':
      return option(iaNaOption, { ...timed, options: [address()] })
    case 'IA_TA':
      return option(iaTaOption, { iaid: client.iaid, options: [address()] })
    case 'IA_PD':
      return option(iaPdOption, {
        ...timed,
        options: [option(iaPrefixOption, { prefix: binding.prefix, ...lifetimes, options })],
      })
  }
}

function leaseOptions(binding: Binding, now: Instant, status: Options): Options {
  const fqdn = binding.clientFqdn === undefined ? undefined : clientFqdnFromRaw(binding.clientFqdn)
  const options = [...status]
  if (binding.clientHeardAt !== undefined) {
    const secondsAgo = dhcpTimeDifferenceSeconds(toWire(now), toWire(binding.clientHeardAt))
    options.push(option(cltTimeOption, Math.max(0, secondsAgo)))
  }
  if (binding.partnerHeardClientAt !== undefined) {
    options.push(option(partnerRawCltTimeOption, toWire(binding.partnerHeardClientAt)))
  }
  if (fqdn !== undefined) options.push(fqdn)
  return options
}

function leaseAlone(binding: Binding, now: Instant, status: Options): OptionInstance {
  const unused = {
    preferredLifetime: 0,
    validLifetime: 0,
    options: [option(lqBaseTimeOption, toWire(now)), ...status],
  }
  return binding.kind === 'prefix'
    ? option(iaPrefixOption, { prefix: binding.prefix, ...unused })
    : option(iaAddressOption, { address: binding.prefix.address, ...unused })
}

/** The three times that follow a status with a timeout appear with it and never without (RFC 8156 section 7.4). */
function statusOptions(binding: Binding, partnerLifetime: DhcpTime | undefined): Options {
  const always = [
    option(bindingStatusOption, statusCodes[binding.status]),
    option(startTimeOfStateOption, toWire(binding.statusSince)),
  ]
  if (binding.statusExpiresAt === undefined || partnerLifetime === undefined) return always
  const { expirationTime } = binding
  return [
    ...always,
    option(stateExpirationTimeOption, hasBug('lease-end-mistold') ? partnerLifetime : toWire(binding.statusExpiresAt)),
    option(partnerLifetimeOption, partnerLifetime),
    option(expirationTimeOption, expirationTime === undefined ? NO_TIME : toWire(expirationTime)),
  ]
}

/**
 * For an ended lease the timeout is the lifetime that we acknowledged: a partner without memory may have granted up to
 * MCLT beyond it. Nothing is left to tell, so that an answer to this is no promise.
 */
function acknowledgedOptions({ status, expirationTime }: Binding): Options {
  if (!isEnded(status) || expirationTime === undefined) return []
  return [
    option(stateExpirationTimeOption, toWire(expirationTime)),
    option(partnerLifetimeOption, NO_TIME),
    option(expirationTimeOption, toWire(expirationTime)),
  ]
}
