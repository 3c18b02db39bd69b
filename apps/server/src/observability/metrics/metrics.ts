/** All metrics of one server, made anew for each scrape from what the data plane has published. */
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { EngineService } from '../../engine/engine-service.ts'
import { registerComparisonMetrics } from './comparison-metrics.ts'
import type { ReadComparisons } from './comparison-metrics.ts'
import { registerCommitHistogram } from './commit-histogram.ts'
import { defineGauge } from './define-metric.ts'
import { registerKeaMetrics } from './kea-metrics.ts'
import { registerForecastMetrics, type ReadForecasts } from './forecast-metrics.ts'
import { registerNativeMetrics } from './native-metrics.ts'
import { registerWebhookMetrics, type ReadWebhooks } from './webhook-metrics.ts'

export interface MetricsOptions {
  readonly engineService: Pick<EngineService, 'view'>
  readonly version: string
  readonly serverName: string
  readonly startedAtMs: number
  /** Also under the names that dashboards for Kea expect. */
  readonly keaNames: boolean
  readonly forecasts: ReadForecasts
  readonly webhooks: ReadWebhooks
  readonly comparisons: ReadComparisons
}

export interface Metrics {
  readonly contentType: string
  /** The text that Prometheus reads. */
  text(): Promise<string>
  close(): void
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { engineService, version, serverName, startedAtMs, keaNames, forecasts } = options
  const registry = new Registry()
  const view = () => engineService.view()
  defineGauge(
    registry,
    { name: 'tandem_build_info', help: '1, with version and name of this server.', labels: ['version', 'server'] },
    () => [{ labels: { version, server: serverName }, value: 1 }],
  )
  defineGauge(
    registry,
    { name: 'tandem_start_timestamp_seconds', help: 'When this process started.', labels: [] },
    () => [{ labels: {}, value: startedAtMs / 1000 }],
  )
  registerNativeMetrics(registry, view)
  registerForecastMetrics(registry, view, forecasts)
  registerWebhookMetrics(registry, options.webhooks)
  registerComparisonMetrics(registry, options.comparisons)
  registerCommitHistogram(registry, () => view().counters)
  if (keaNames) registerKeaMetrics(registry, view)
  // Process and runtime, under the usual names. The event loop is that of the thread of API and console.
  collectDefaultMetrics({ register: registry })
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: () => registry.clear(),
  }
}
