/** How long commits take. They are counted in the data plane, so the histogram is told as it stands there. */
import type { Metric, Registry } from 'prom-client'
import type { DataPlaneCounters } from '../../engine/engine-service.ts'

const NAME = 'tandem_commit_duration_seconds'
const MS = 1000

interface HistogramValue {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export function registerCommitHistogram(registry: Registry, read: () => DataPlaneCounters): void {
  const metric = {
    name: NAME,
    get: async () => ({
      name: NAME,
      help: 'From the decision to the moment at which all of it is on stable storage.',
      type: 'histogram',
      aggregator: 'sum',
      values: valuesOf(read()),
    }),
  }
  // The registry asks a metric for its name and its values and nothing else; its types want a class of its own.
  registry.registerMetric(metric as unknown as Metric)
}

function valuesOf({ commits, commitLatency }: DataPlaneCounters): readonly HistogramValue[] {
  return [
    ...commitLatency.buckets.map(({ upToMs, count }) => bucket(String(upToMs / MS), count)),
    bucket('+Inf', commits),
    { metricName: `${NAME}_sum`, labels: {}, value: commitLatency.sumMs / MS },
    { metricName: `${NAME}_count`, labels: {}, value: commits },
  ]
}

function bucket(le: string, value: number): HistogramValue {
  return { metricName: `${NAME}_bucket`, labels: { le }, value }
}
