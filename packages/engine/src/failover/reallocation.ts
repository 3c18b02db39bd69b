/** When a lease with a record may go to a client again (RFC 8156 sections 4.2.1, 4.2.2.1, 8.4.1, 8.8.1; digest section 9). */
import { hasBug } from '../deliberate-bug.ts'
import type { Binding, BindingClient } from '../bindings/binding.ts'
import { sameClient } from '../bindings/binding-table.ts'
import type { Role } from '../configuration/configuration.ts'
import { addSeconds, latest, type Instant } from '../time/instant.ts'
import type { KeptFor, Permission, Unpermitted } from './service-policy.ts'
import { isAvailable } from './updates/available-status.ts'

export interface ReallocationSituation {
  readonly role: Role
  readonly mcltSeconds: number
  /** Undefined in every state but PARTNER-DOWN. */
  readonly partnerDownSince: Instant | undefined
  readonly now: Instant
  /** Owned by status, like a prefix; else an address is of its half. */
  readonly isShared?: boolean
  /** Undefined: not kept for this client by both partners. */
  readonly keptFor?: KeptFor | undefined
  readonly isOutOfContact?: boolean
  /** Why the partner may have given what is owned by status, ours too; undefined: it cannot. */
  readonly sharedUnknown?: Unpermitted | undefined
}

const granted: Permission = { ok: true }
const refuse = (because: string, rule: string): Permission => ({ ok: false, because, rule })

/** No partner has to agree: whatever is not in use may go to anyone. */
export function mayReuseAlone(binding: Binding, client: BindingClient): Permission {
  return refuseInUse(binding, client) ?? granted
}

export function mayReuseShared(binding: Binding, client: BindingClient, situation: ReallocationSituation): Permission {
  const inUse = refuseInUse(binding, client)
  if (inUse !== undefined || binding.status === 'ACTIVE') return inUse ?? granted
  if (situation.keptFor !== undefined && isAvailable(binding.status)) return mayReuseKept(binding, client, situation)
  if (situation.sharedUnknown !== undefined && isOwnedByStatus(binding, situation)) return situation.sharedUnknown
  const isAlone = situation.partnerDownSince !== undefined
  const isWaiting = binding.status === 'EXPIRED' || binding.status === 'RELEASED'
  const isSameClient = binding.client !== undefined && sameClient(binding.client, client)
  // Alone, an address of the partner's half may still go back to the client that had it, and to nobody else.
  const isOfPartner = !isOwnedByStatus(binding, situation) && !isOwnHalf(binding, situation.role)
  if (isOfPartner && situation.keptFor === undefined && !(isAlone && isWaiting && isSameClient)) {
    return refuse('The address lies in the half of the partner.', 'RFC 8156 4.2.1')
  }
  if (isWaiting && isSameClient && !binding.updateSent) return granted
  if (situation.partnerDownSince === undefined) return mayReuseTogether(binding)
  return mayReuseInPartnerDown(binding, situation, situation.partnerDownSince)
}

function isOwnedByStatus(binding: Binding, { isShared }: Pick<ReallocationSituation, 'isShared'>): boolean {
  return isShared ?? binding.kind === 'prefix'
}

/** Odd addresses are the primary's, even ones the secondary's (RFC 8156 section 4.2.1.1). */
function isOwnHalf(binding: Binding, role: Role): boolean {
  return ((binding.prefix.address & 1n) === 1n) === (role === 'primary')
}

function refuseInUse(binding: Binding, client: BindingClient): Permission | undefined {
  if (binding.status === 'ABANDONED') return refuse('The lease was declined or found in use.', 'RFC 8156 7.2')
  if (binding.status !== 'ACTIVE') return undefined
  if (binding.client !== undefined && sameClient(binding.client, client)) return undefined
  return refuse('The lease is in use by another client.', 'RFC 8156 7.2')
}

/**
 * Kept for any IA of a client, an available lease may at the partner be back with the IA that had it last: to another one
 * it goes only where that would have been told, or has run out.
 */
function mayReuseKept(binding: Binding, client: BindingClient, situation: ReallocationSituation): Permission {
  const { keptFor, isOutOfContact, partnerDownSince, mcltSeconds, now } = situation
  if (keptFor === 'this-ia' || !isOfOtherIa(binding, client)) return granted
  const because = 'The partner may have given it back to another identity association of the client.'
  if (isOutOfContact === true) return refuse(because, 'decision 0075')
  if (partnerDownSince === undefined || addSeconds(partnerDownSince, mcltSeconds) <= now) return granted
  return refuse(because, 'RFC 8156 8.4.1')
}

/** The last holder was the same client with another IAID. Where nobody was ever heard the IAID is made up (decision 0075). */
function isOfOtherIa(binding: Binding, client: BindingClient): boolean {
  const { client: last, clientHeardAt, partnerHeardClientAt } = binding
  if (clientHeardAt === undefined && partnerHeardClientAt === undefined) return false
  return last?.duid === client.duid && last.iaType === client.iaType && last.iaid !== client.iaid
}

/** Available means that the partner has acknowledged the end of the lease. */
function mayReuseTogether(binding: Binding): Permission {
  if (binding.status === 'FREE' || binding.status === 'FREE-BACKUP') return granted
  if (hasBug('reused-before-acknowledgement')) return granted
  return refuse('The partner has not yet acknowledged the end of the lease.', 'RFC 8156 8.8.1')
}

function mayReuseInPartnerDown(binding: Binding, situation: ReallocationSituation, since: Instant): Permission {
  const usableFrom = usableInPartnerDownFrom(binding, situation, since)
  if (usableFrom === undefined || usableFrom <= situation.now || hasBug('reused-in-partner-down-at-once'))
    return granted
  return refuse('What the partner may have promised has not yet run out.', 'RFC 8156 8.4.1')
}

/** When a lease that is not ACTIVE may go to another client; undefined: at once. */
export function usableInPartnerDownFrom(
  binding: Binding,
  situation: Pick<ReallocationSituation, 'role' | 'mcltSeconds' | 'isShared'>,
  since: Instant,
): Instant | undefined {
  const { role, mcltSeconds } = situation
  if (isAvailable(binding.status)) {
    const isOwn = !isOwnedByStatus(binding, situation) || (binding.status === 'FREE') === (role === 'primary')
    return isOwn ? undefined : addSeconds(since, mcltSeconds)
  }
  // A renewal after entry was never told to the partner, so what was to be told binds nobody.
  const isToldToPartner = binding.clientHeardAt === undefined || binding.clientHeardAt <= since
  const promisedUntil = latest(
    since,
    binding.statusSince,
    binding.statusExpiresAt,
    isToldToPartner ? binding.partnerLifetime : undefined,
    binding.ackedPartnerLifetime,
    binding.expirationTime,
  )
  return addSeconds(promisedUntil, mcltSeconds)
}
