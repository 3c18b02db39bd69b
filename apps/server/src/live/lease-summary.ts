/** Sums lease changes per subnet, so that a console hears of a thousand a second in one message. */
import type { LeasesSummary } from '@tandem/api-contract'
import type { LeaseChanged } from '@tandem/engine'

export class LeaseSummary {
  private subnets = new Map<string, LeasesSummary>()

  add({ subnetId, from, to }: Pick<LeaseChanged, 'subnetId' | 'from' | 'to'>): void {
    const sum = this.subnets.get(subnetId) ?? { subnetId, activated: 0, renewed: 0, ended: 0, other: 0 }
    const was = from === 'ACTIVE'
    const is = to === 'ACTIVE'
    const counted = is ? (was ? 'renewed' : 'activated') : was ? 'ended' : 'other'
    this.subnets.set(subnetId, { ...sum, [counted]: sum[counted] + 1 })
  }

  /** What was summed up since the last time. */
  take(): LeasesSummary[] {
    const taken = [...this.subnets.values()]
    this.subnets = new Map()
    return taken
  }
}
