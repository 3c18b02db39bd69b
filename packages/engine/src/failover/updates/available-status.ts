/** PENDING-FREE: what an ended lease becomes once the partner knows of its end (RFC 8156 section 7.2, decision 0020). */
import type { Binding, BindingStatus, LeaseKind } from '../../bindings/binding.ts'
import { ownerOfAddress } from '../../allocation/independent-allocator.ts'

type EndedStatus = Extract<BindingStatus, 'EXPIRED' | 'RELEASED' | 'RESET'>

/** Ended, but not available before the partner has acknowledged it. */
export function isEnded(status: BindingStatus): status is EndedStatus {
  return status === 'EXPIRED' || status === 'RELEASED' || status === 'RESET'
}

export function isAvailable(status: BindingStatus): boolean {
  return status === 'FREE' || status === 'FREE-BACKUP'
}

/**
 * What is shared comes back to the primary: prefixes, and addresses of proportional pools. Any other address belongs to
 * its half, whatever was said (digest A1).
 */
export function availableStatus(
  kind: LeaseKind,
  prefix: Binding['prefix'],
  isShared = kind === 'prefix',
): 'FREE' | 'FREE-BACKUP' {
  if (isShared) return 'FREE'
  return ownerOfAddress(prefix.address) === 'primary' ? 'FREE' : 'FREE-BACKUP'
}

/**
 * Transition through PENDING-FREE. The time of the status stays that of the end: both partners derive the same
 * record from the same end, and an end that is told twice is recognised. Promises end with the lease: neither partner
 * may count on them for its next client (RFC 8156 section 4.4).
 */
export function madeAvailable(binding: Binding, isShared = binding.kind === 'prefix'): Binding {
  return {
    ...binding,
    status: availableStatus(binding.kind, binding.prefix, isShared),
    statusExpiresAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    updateSent: false,
  }
}
