/** The rules that lifetimes were set by, each kept once: a million leases share a handful of them. */
import type { LifetimeRule } from './binding.ts'

export class LifetimeRules {
  /** By what configuration wants: few in each list, since states, roles and bounds are few. */
  readonly #known = new Map<number, LifetimeRule[]>()

  /** The one object that says this. */
  of(rule: LifetimeRule): LifetimeRule {
    const alike = this.#known.get(rule.desiredSeconds)
    const known = alike?.find((each) => isSame(each, rule))
    if (known !== undefined) return known
    if (alike === undefined) this.#known.set(rule.desiredSeconds, [rule])
    else alike.push(rule)
    return rule
  }
}

function isSame(a: LifetimeRule, b: LifetimeRule): boolean {
  return a.limitedBy === b.limitedBy && a.state === b.state && a.mcltSeconds === b.mcltSeconds && a.rule === b.rule
}
