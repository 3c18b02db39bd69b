/** Sums lease changes per subnet, so that a console hears of a thousand a second in one message. */
import type { LeasesSummary } from '@tandem/api-contract'
import type { LeaseChanged } from '@tandem/engine'
import { countOf } from '../http/view-values.ts'

const nothing = { activated: 0, renewed: 0, ended: 0, other: 0 }

export class LeaseSummary {
  private subnets = new Map<string, typeof nothing>()

  add({ subnetId, from, to }: Pick<LeaseChanged, 'subnetId' | 'from' | 'to'>): void {
    const sum = this.subnets.get(subnetId) ?? nothing
    const was = from === 'ACTIVE'
    const is = to === 'ACTIVE'
    const counted = is ? (was ? 'renewed' : 'activated') : was ? 'ended' : 'other'
    this.subnets.set(subnetId, { ...sum, [counted]: sum[counted] + 1 })
  }

  /** What was summed up since the last time. */
  take(): LeasesSummary[] {
    const taken = [...this.subnets].map(([subnetId, { activated, renewed, ended, other }]) => ({
      subnetId,
      activated: countOf(activated),
      renewed: countOf(renewed),
      ended: countOf(ended),
      other: countOf(other),
    }))
    this.subnets = new Map()
    return taken
  }
}
