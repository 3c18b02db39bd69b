/** The rule of a lifetime as a short text and back: many rows share few rules, and so do the objects in memory. */
import type { LifetimeRule } from '@tandem/engine'

/** By object: leases granted alike come with one and the same, also across threads within one commit. */
const texts = new WeakMap<LifetimeRule, string>()
const rules = new Map<string, LifetimeRule>()

/** Rules are as many as configured lifetimes times states; a store of many years may hold more, which are then not shared. */
const SHARED_RULES_MAX = 10_000

export function lifetimeRuleToText(rule: LifetimeRule): string {
  const known = texts.get(rule)
  if (known !== undefined) return known
  const { desiredSeconds, limitedBy, mcltSeconds, state, rule: section } = rule
  const text = [desiredSeconds, limitedBy, mcltSeconds ?? '', state ?? '', section].join('|')
  texts.set(rule, text)
  return text
}

export function lifetimeRuleFromText(text: string): LifetimeRule {
  const known = rules.get(text)
  if (known !== undefined) return known
  const [desired = '', limitedBy, mclt = '', state = '', section = ''] = text.split('|')
  if (limitedBy !== 'configuration' && limitedBy !== 'mclt' && limitedBy !== 'drain') {
    throw new Error(`the storage holds ${text} where the rule of a lifetime stands`)
  }
  const rule: LifetimeRule = {
    desiredSeconds: Number(desired),
    limitedBy,
    rule: section,
    state: state === '' ? undefined : state,
    mcltSeconds: mclt === '' ? undefined : Number(mclt),
  }
  if (rules.size < SHARED_RULES_MAX) rules.set(text, rule)
  return rule
}
