/** What the last comparison of all leases with those of the partner found, as metrics. */
import type { TableComparison } from '@tandem/api-contract'
import type { Registry } from 'prom-client'
import { defineGauge } from './define-metric.ts'

/** One for each relationship. */
export type ReadComparisons = () => readonly TableComparison[]

export function registerComparisonMetrics(registry: Registry, read: ReadComparisons): void {
  const gauge = (name: string, help: string, valueOf: (comparison: TableComparison) => number): void => {
    defineGauge(registry, { name, help, labels: ['relationship'] }, () =>
      read()
        .filter(({ state }) => state === 'done')
        .map((comparison) => ({ labels: { relationship: comparison.relationship }, value: valueOf(comparison) })),
    )
  }
  gauge(
    'tandem_table_comparison_compared_leases',
    'Leases of the last comparison with the partner that came to its end; absent: there was none.',
    ({ compared }) => Number(compared),
  )
  gauge(
    'tandem_table_comparison_differing_leases',
    'Of these, those that differed or of which one server had no record.',
    ({ differing }) => Number(differing),
  )
  gauge(
    'tandem_table_comparison_ended_timestamp_seconds',
    'When that comparison ended.',
    ({ endedAt }) => Date.parse(endedAt ?? '') / 1000,
  )
}
