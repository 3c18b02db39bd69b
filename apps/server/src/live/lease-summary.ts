/** Sums lease changes per subnet, so that a console hears of a thousand a second in one message. */
import type { LeasesSummary } from '@tandem/api-contract'
import type { LeaseChange, LeaseChangeCount } from '../engine/event-counts.ts'
import { countOf } from '../http/view-values.ts'

const summedAs = {
  granted: 'activated',
  renewed: 'renewed',
  expired: 'ended',
  released: 'ended',
  declined: 'ended',
  freed: 'other',
  reset: 'other',
} as const satisfies Readonly<Record<LeaseChange, keyof LeasesSummary>>

const nothing = { activated: 0, renewed: 0, ended: 0, other: 0 }

/** From the engine's own counts, since of a flood not every notice is told. */
export class LeaseSummary {
  #taken: ReadonlyMap<string, typeof nothing> | undefined

  /** What was added since the last time; `counts`: since the server was started. The first time nothing is. */
  take(counts: readonly LeaseChangeCount[]): LeasesSummary[] {
    const before = this.#taken
    const now = sumsOf(counts)
    this.#taken = now
    if (before === undefined) return []
    return [...now].flatMap(([subnetId, sums]) => {
      const known = before.get(subnetId) ?? nothing
      const added = {
        activated: sums.activated - known.activated,
        renewed: sums.renewed - known.renewed,
        ended: sums.ended - known.ended,
        other: sums.other - known.other,
      }
      if (Object.values(added).every((count) => count === 0)) return []
      const { activated, renewed, ended, other } = added
      return {
        subnetId,
        activated: countOf(activated),
        renewed: countOf(renewed),
        ended: countOf(ended),
        other: countOf(other),
      }
    })
  }
}

function sumsOf(counts: readonly LeaseChangeCount[]): ReadonlyMap<string, typeof nothing> {
  const sums = new Map<string, typeof nothing>()
  for (const { subnetId, change, count } of counts) {
    const sum = sums.get(subnetId) ?? { ...nothing }
    sum[summedAs[change]] += count
    sums.set(subnetId, sum)
  }
  return sums
}
