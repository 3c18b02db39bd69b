/** The loads that contestants are put under, by the name that `--loads` takes. */
import type { Asked } from './load-report.ts'

export interface LoadKind {
  readonly key: string
  readonly title: string
  readonly asked: Asked
  /** As many renewals as exchanges. */
  readonly renews: boolean
  readonly leasesPerExchange: number
}

export const loadKinds: readonly LoadKind[] = [
  { key: 'new', title: 'new clients, an address each', asked: 'addresses', renews: false, leasesPerExchange: 1 },
  { key: 'renew', title: 'new clients, and as many renewals', asked: 'addresses', renews: true, leasesPerExchange: 1 },
  { key: 'prefix', title: 'new clients, a prefix each', asked: 'prefixes', renews: false, leasesPerExchange: 1 },
  {
    key: 'both',
    title: 'new clients, an address and a prefix each',
    asked: 'both',
    renews: false,
    leasesPerExchange: 2,
  },
]
