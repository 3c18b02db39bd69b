/** Where a stored lease belongs under the configuration of this start, which may have changed since the lease was made (RFC 8156 section 6.2). */
import type { Subnet } from '../configuration/configuration.ts'
import { isEnded } from './updates/available-status.ts'
import type { Binding } from '../bindings/binding.ts'

/**
 * `home`: the subnet in whose pools, or of whose name, it lies; undefined: no subnet has it any more. `isConfigured`:
 * whether there still is a relationship of this name.
 */
export function placeLease(
  binding: Binding,
  home: Subnet | undefined,
  isConfigured: (relationship: string) => boolean,
): Binding {
  const relationship = home === undefined ? keptName(binding, isConfigured) : home.relationship
  const subnetId = home?.id ?? binding.subnetId
  if (relationship === binding.relationship) return subnetId === binding.subnetId ? binding : { ...binding, subnetId }
  const moved: Binding = {
    ...binding,
    subnetId,
    relationship,
    // Another partner has acknowledged nothing; what we acknowledged to the one before still binds us.
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: relationship !== undefined && binding.status !== 'FREE',
    updateSent: false,
  }
  return relationship === undefined && isEnded(moved.status) ? { ...moved, status: 'FREE' } : moved
}

function keptName({ relationship }: Binding, isConfigured: (name: string) => boolean): string | undefined {
  return relationship !== undefined && isConfigured(relationship) ? relationship : undefined
}
