/** How long a lease may be given for, and when it may be ended by our own clock (RFC 8156 sections 4.4, 8.4.1; digest 6, A20). */
import { hasBug } from '../deliberate-bug.ts'
import type { Binding, BindingTimes } from '../bindings/binding.ts'
import { addSeconds, latest, secondsUntil, type Instant } from '../time/instant.ts'
import type { LifetimeRules } from '../bindings/lifetime-rules.ts'
import type { LifetimeDecision } from './service-policy.ts'
import { SAME_TIME_SECONDS } from './updates/wire-time.ts'

/** What the rules of one grant are taken from. */
export interface LifetimeWish {
  readonly binding: Binding | undefined
  readonly desiredSeconds: number
  readonly state: string | undefined
}

/** Client's expiry <= max(acked-partner-lifetime, now) + MCLT. */
export function boundedLifetime(
  { binding, desiredSeconds, state }: LifetimeWish,
  mcltSeconds: number,
  now: Instant,
  rules: LifetimeRules,
): LifetimeDecision {
  const told = hasBug('promise-without-acknowledgement') ? binding?.partnerLifetime : undefined
  const acked = told ?? binding?.ackedPartnerLifetime
  const remainingSeconds = acked === undefined ? 0 : secondsUntil(now, acked)
  const allowedSeconds = remainingSeconds + mcltSeconds
  const isBound = allowedSeconds < desiredSeconds
  return {
    validSeconds: isBound ? allowedSeconds : desiredSeconds,
    ackedPartnerLifetime: acked,
    rule: rules.of({
      desiredSeconds,
      limitedBy: isBound ? 'mclt' : 'configuration',
      rule: 'RFC 8156 4.4',
      state,
      mcltSeconds,
    }),
  }
}

export function unboundedLifetime(
  { binding, desiredSeconds, state }: LifetimeWish,
  rule: string,
  rules: LifetimeRules,
): LifetimeDecision {
  return {
    validSeconds: desiredSeconds,
    ackedPartnerLifetime: binding?.ackedPartnerLifetime,
    rule: rules.of({ desiredSeconds, limitedBy: 'configuration', rule, state, mcltSeconds: undefined }),
  }
}

/**
 * A lease that the partner serves ends there first: its clock may be behind ours by what still counts as the same time,
 * and an end that it does not see yet it would refuse and answer with the lease, again and again (RFC 8156 section 7.5.4).
 */
export function expiresByOwnClockAt(binding: BindingTimes): Instant | undefined {
  if (binding.status !== 'ACTIVE' || binding.statusExpiresAt === undefined) return undefined
  const partnerHeardLast =
    binding.partnerHeardClientAt !== undefined && binding.partnerHeardClientAt > (binding.clientHeardAt ?? -Infinity)
  return partnerHeardLast && !hasBug('ended-before-acknowledged-time')
    ? addSeconds(latest(binding.statusExpiresAt, binding.expirationTime), SAME_TIME_SECONDS)
    : binding.statusExpiresAt
}
