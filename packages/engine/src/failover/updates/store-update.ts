/** Our record after an accepted update: the partner's view of a field becomes our mirror of it (RFC 8156 section 7.5.5, Figure 5). */
import type { Binding } from '../../bindings/binding.ts'
import { sameClient } from '../../bindings/binding-table.ts'
import { addSeconds, type Instant } from '../../time/instant.ts'
import { isAvailable, isEnded, madeAvailable } from './available-status.ts'
import type { ToldLease } from './read-update.ts'
import { sameSecond } from './wire-time.ts'

export interface LeaseHome {
  readonly subnetId: string
  readonly relationship: string
}

export interface StoreSettings {
  readonly mcltSeconds: number
  readonly isShared: boolean
  /** The partner may have taken from us, meanwhile, that the lease is in use. */
  readonly isInUseForPartner: boolean
}

export function storeUpdate(
  local: Binding | undefined,
  told: ToldLease,
  home: LeaseHome,
  { mcltSeconds, isShared, isInUseForPartner }: StoreSettings,
): Binding {
  const taken = told.client === undefined ? storedAlone(local, told, home) : storedWithClient(local, told, home)
  const statusExpiresAt = later(endOfLostPromises(local, told, mcltSeconds), ownEnd(local, told))
  const stored = { ...taken, statusExpiresAt }
  if (!isEnded(stored.status)) return stored
  // The partner has ended it and we know: for us nothing is left to wait for (digest A2). Where it may have given up its
  // end for what we told, that end is for us one like our own, which it has to acknowledge (RFC 8156 section 4.2.2.1).
  return isInUseForPartner
    ? { ...stored, statusExpiresAt: undefined, updateSent: true }
    : madeAvailable(stored, isShared)
}

function storedWithClient(local: Binding | undefined, told: ToldLease, home: LeaseHome): Binding {
  const known = isSameClient(local, told)
  return {
    ...common(local, told, home),
    client: told.client,
    t1Seconds: told.t1Seconds,
    t2Seconds: told.t2Seconds,
    preferredSeconds: told.preferredSeconds,
    validSeconds: told.validSeconds,
    clientHeardAt: hasYielded(local, told)
      ? told.partnerRawCltTime
      : later(known ? local?.clientHeardAt : undefined, told.partnerRawCltTime),
    partnerHeardClientAt: told.clientHeardAt ?? (known ? local?.partnerHeardClientAt : undefined),
    relayData: told.relayData ?? (known ? local?.relayData : undefined),
    clientFqdn: told.clientFqdn ?? (known ? local?.clientFqdn : undefined),
  }
}

/**
 * Our end of the lease gives way to the partner's grant (decision 0021). With it goes the time at which we heard it: it
 * would look like a grant of our own, which the client's next RELEASE could not end.
 */
function hasYielded(local: Binding | undefined, told: ToldLease): boolean {
  if (local?.clientHeardAt === undefined || local.status === 'ACTIVE' || told.status !== 'ACTIVE') return false
  return told.clientHeardAt !== undefined && told.clientHeardAt < local.clientHeardAt
}

/** A prefix tied to nobody: what was known of its last client goes (RFC 8156 section 7.4). */
function storedAlone(local: Binding | undefined, told: ToldLease, home: LeaseHome): Binding {
  return {
    ...common(local, told, home),
    client: undefined,
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    relayData: undefined,
    clientFqdn: undefined,
  }
}

function common(local: Binding | undefined, told: ToldLease, home: LeaseHome) {
  const promised = stillPromised(local, told)
  return {
    kind: told.kind,
    prefix: told.prefix,
    ...home,
    status: told.status,
    lifetimeRule: undefined,
    lifetimeAcked: undefined,
    statusSince: told.statusSince,
    statusExpiresAt: told.statusExpiresAt,
    expirationTime: told.partnerLifetime ?? promised?.expirationTime,
    ackedPartnerLifetime: promised?.ackedPartnerLifetime,
    // What the partner says it acknowledged to us counts where it exceeds all that we remember of it.
    partnerLifetime: forgottenAcknowledgement(local, told) ?? promised?.partnerLifetime,
    // Ours has yielded: the partner knows more than we had to tell.
    owedToPartner: false,
    updateSent: false,
  } as const
}

/** Promises are about one client's lease and end with it: the next client's begins without any (RFC 8156 section 4.4). */
function stillPromised(local: Binding | undefined, told: ToldLease): Binding | undefined {
  return isSameClient(local, told) && !isAvailable(told.status) ? local : undefined
}

function forgottenAcknowledgement(local: Binding | undefined, told: ToldLease): Instant | undefined {
  const remembered = later(local?.partnerLifetime, local?.ackedPartnerLifetime)
  if (told.expirationTime === undefined) return undefined
  return remembered === undefined || told.expirationTime > remembered ? told.expirationTime : undefined
}

/**
 * An acknowledgement that we forgot went with a lost disk, and with it perhaps a renewal up to MCLT beyond what was
 * acknowledged (RFC 8156 section 4.4), of which the partner never heard. The lease lasts as long as that may be used.
 */
function endOfLostPromises(local: Binding | undefined, told: ToldLease, mcltSeconds: number): Instant | undefined {
  const forgotten = told.status === 'ACTIVE' ? forgottenAcknowledgement(local, told) : undefined
  return forgotten === undefined
    ? told.statusExpiresAt
    : later(told.statusExpiresAt, addSeconds(forgotten, mcltSeconds))
}

/**
 * Whoever heard the client last tells when its lease ends; but if the other one had promised longer, the client may know
 * only of that, since the answer with the shorter lifetime may never have reached it.
 */
function ownEnd(local: Binding | undefined, told: ToldLease): Instant | undefined {
  // Parts of a second are not told: they are no longer promise.
  if (!isHeldByBoth(local, told) || sameSecond(local?.statusExpiresAt, told.statusExpiresAt)) return undefined
  return local?.statusExpiresAt
}

/** Our record after an update that it stands against: until when the partner's word to the same client binds. */
export function withPartnersPromise(local: Binding, told: ToldLease): Binding {
  if (!isHeldByBoth(local, told) || sameSecond(local.statusExpiresAt, told.statusExpiresAt)) return local
  const statusExpiresAt = later(local.statusExpiresAt, told.statusExpiresAt)
  return statusExpiresAt === local.statusExpiresAt ? local : { ...local, statusExpiresAt }
}

function isHeldByBoth(local: Binding | undefined, told: ToldLease): boolean {
  return local?.status === 'ACTIVE' && told.status === 'ACTIVE' && isSameClient(local, told)
}

function isSameClient(local: Binding | undefined, told: ToldLease): boolean {
  return local?.client !== undefined && told.client !== undefined && sameClient(local.client, told.client)
}

function later(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
