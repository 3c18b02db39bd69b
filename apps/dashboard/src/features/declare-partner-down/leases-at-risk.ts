/** Which leases the partner may have given or extended without this server hearing of it: what is known, and the most it can be (decision 0120). */
import type { PartnerView, Pool, Relationship } from '@tandem/api-contract'

export interface LeasesAtRisk {
  /** What the partner had still to tell, when it last said so itself. */
  readonly untold: Untold
  /** Undefined: it may have served alone, with what was free here too. */
  readonly most: Most | undefined
  /** The other way round: what was done here, and the partner has not acknowledged. */
  readonly unacknowledged: string
  readonly unacknowledgedSince: string | null
}

export interface Most {
  /** What it may have extended meanwhile: leases in use, and those that have ended here and wait for it. */
  readonly extendable: string
  /** What it may have given meanwhile: free leases of its own part, and those that are kept for a client. */
  readonly givable: { readonly addresses: string; readonly prefixes: string }
}

export type Untold =
  | { readonly kind: 'told'; readonly count: string; readonly asOf: string }
  | { readonly kind: 'no-channel' | 'never-told' }

export function leasesAtRisk(relationship: Relationship, pools: readonly Pool[]): LeasesAtRisk {
  return {
    untold: untoldOf(relationship.partnerView),
    most: mayHaveServedAlone(relationship)
      ? undefined
      : mostOf(pools.filter((pool) => pool.relationship === relationship.name)),
    unacknowledged: relationship.updatesOwed,
    unacknowledgedSince: relationship.oldestUpdateOwedSince,
  }
}

function mayHaveServedAlone({ commands, partner, partnerView }: Relationship): boolean {
  const said = [partner?.state, partnerView?.told?.state]
  return commands.declarePartnerDown.forceAdmits === 'leases-may-be-missing' || said.includes('partner-down')
}

function mostOf(pools: readonly Pool[]): Most {
  const givable = (kind: Pool['kind']): string =>
    sum(pools.flatMap((pool) => (pool.kind === kind ? [pool.partnerFree, pool.reserved] : [])))
  return {
    extendable: sum(pools.flatMap(({ leased, waiting }) => [leased, waiting])),
    givable: { addresses: givable('address'), prefixes: givable('prefix') },
  }
}

function untoldOf(view: PartnerView | null): Untold {
  if (view === null) return { kind: 'no-channel' }
  const count = view.told?.updatesOwed ?? null
  return count === null || view.asOf === null ? { kind: 'never-told' } : { kind: 'told', count, asOf: view.asOf }
}

function sum(counts: readonly string[]): string {
  return counts.reduce((all, count) => all + BigInt(count), 0n).toString()
}
