/** Why a lease runs for so long, as the API shows it: the engine's explanation, and the same in words (RFC 8156 section 4.4). */
import type { Lease } from '@tandem/api-contract'
import { explainLifetime, instant, type BindingStatus, type LifetimeExplanation } from '@tandem/engine'
import { exactWords } from '../http/duration-words.ts'
import { failoverStateOf, isoOf, isoOrNull } from '../http/view-values.ts'
import { lifetimeRuleFromText } from '../storage/lifetime-rule-text.ts'
import type { LeaseRow } from '../storage/leases.queries.ts'

export function toLifetimeView(row: LeaseRow, status: BindingStatus): Lease['lifetime'] {
  const explained = explainLifetime({
    status,
    validSeconds: row.validSeconds,
    lifetimeRule: row.lifetimeRule === null ? undefined : lifetimeRuleFromText(row.lifetimeRule),
    lifetimeAcked: instantOrUndefined(row.lifetimeAcked),
    clientHeardAt: instantOrUndefined(row.clientHeardAt),
    partnerHeardClientAt: instantOrUndefined(row.partnerHeardClientAt),
  })
  return explained === undefined ? null : toView(explained)
}

function toView(explained: LifetimeExplanation): NonNullable<Lease['lifetime']> {
  const { grantedBy, at, validSeconds } = explained
  const common = { grantedBy, at: isoOf(at), validSeconds, sentence: sentenceOf(explained) }
  if (explained.grantedBy === 'partner') {
    return {
      ...common,
      desiredSeconds: null,
      limitedBy: null,
      mcltSeconds: null,
      ackedPartnerLifetime: null,
      remainingSeconds: null,
      state: null,
      rule: null,
    }
  }
  const { rule } = explained
  return {
    ...common,
    desiredSeconds: rule.desiredSeconds,
    limitedBy: rule.limitedBy,
    mcltSeconds: rule.mcltSeconds ?? null,
    ackedPartnerLifetime: isoOrNull(explained.ackedPartnerLifetime),
    remainingSeconds: explained.remainingSeconds,
    state: rule.state === undefined ? null : failoverStateOf(rule.state),
    rule: rule.rule,
  }
}

export function sentenceOf(explained: LifetimeExplanation): string {
  const given = exactWords(explained.validSeconds)
  if (explained.grantedBy === 'partner') {
    return `The partner gave ${given}; its own record says why.`
  }
  const { rule, remainingSeconds } = explained
  const desired = exactWords(rule.desiredSeconds)
  if (rule.limitedBy === 'drain') {
    return `${given} instead of the configured ${desired}: the pool was being drained, and what had been promised before was not extended.`
  }
  if (rule.state === undefined)
    return `${given}, as configured: the subnet belongs to no relationship, so nothing limits it.`
  if (rule.mcltSeconds === undefined) return `${given}, as configured: in ${rule.state} nothing limits it.`
  const known =
    remainingSeconds === 0
      ? 'the partner had acknowledged nothing beyond that moment'
      : `the partner had acknowledged ${exactWords(remainingSeconds)} beyond that moment`
  const bound = `a lease may run the maximum client lead time (${exactWords(rule.mcltSeconds)}) ahead of that`
  return rule.limitedBy === 'mclt'
    ? `${given} instead of the configured ${desired}: ${known}, and ${bound}.`
    : `${desired}, as configured: ${known}, and ${bound}, which was enough.`
}

function instantOrUndefined(ms: number | null) {
  return ms === null ? undefined : instant(ms)
}
