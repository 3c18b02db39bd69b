/** What a change made here means for the partner: the owed mark and partner-lifetime (RFC 8156 sections 4.4 and 7.3). */
import type { Binding } from '../../bindings/binding.ts'
import type { Pools } from '../../allocation/pools.ts'
import { addSeconds, latest, type Instant } from '../../time/instant.ts'

/**
 * partner-lifetime = now + T1 + desired: at the next renewal what the partner acknowledged still covers the whole
 * desired lifetime. It never falls short of what the client was given.
 */
export function owedForOwnChange(binding: Binding, pools: Pools, now: Instant): Binding {
  if (binding.statusExpiresAt === undefined) return { ...binding, owedToPartner: true, partnerLifetime: undefined }
  const desiredSeconds = pools.find(binding.kind, binding.prefix)?.subnet.lifetimes.validSeconds ?? binding.validSeconds
  const partnerLifetime = latest(binding.statusExpiresAt, addSeconds(now, binding.t1Seconds + desiredSeconds))
  return { ...binding, owedToPartner: true, partnerLifetime }
}
