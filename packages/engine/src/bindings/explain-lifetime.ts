/** Why a lease runs for as long as it does: inputs, rule and section of the last grant (RFC 8156 sections 4.4, 7.4). */
import { secondsUntil, type Instant } from '../time/instant.ts'
import type { Binding, LifetimeRule } from './binding.ts'

export type LifetimeExplanation =
  | {
      readonly grantedBy: 'this-server'
      readonly at: Instant
      readonly validSeconds: number
      readonly rule: LifetimeRule
      readonly ackedPartnerLifetime: Instant | undefined
      /** What was left of acked-partner-lifetime at `at`; MCLT is added to it. */
      readonly remainingSeconds: number
    }
  | { readonly grantedBy: 'partner'; readonly at: Instant; readonly validSeconds: number }

type Explained = Pick<
  Binding,
  'status' | 'validSeconds' | 'lifetimeRule' | 'lifetimeAcked' | 'clientHeardAt' | 'partnerHeardClientAt'
>

/** Undefined: no client has it now or had it until its end, or a version granted it that did not record why. */
export function explainLifetime(binding: Explained): LifetimeExplanation | undefined {
  if (binding.status !== 'ACTIVE' && binding.status !== 'EXPIRED') return undefined
  const { validSeconds, lifetimeRule: rule, lifetimeAcked, clientHeardAt, partnerHeardClientAt } = binding
  if (rule !== undefined && clientHeardAt !== undefined) {
    return {
      grantedBy: 'this-server',
      at: clientHeardAt,
      validSeconds,
      rule,
      ackedPartnerLifetime: lifetimeAcked,
      remainingSeconds: lifetimeAcked === undefined ? 0 : secondsUntil(clientHeardAt, lifetimeAcked),
    }
  }
  if (partnerHeardClientAt === undefined || partnerHeardClientAt < (clientHeardAt ?? 0)) return undefined
  return { grantedBy: 'partner', at: partnerHeardClientAt, validSeconds }
}
