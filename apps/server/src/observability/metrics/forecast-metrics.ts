/** When pools run out, as metrics. */
import type { PoolForecast, PoolForecasts } from '@tandem/api-contract'
import type { PoolSnapshot } from '@tandem/engine'
import type { Registry } from 'prom-client'
import type { PublishedView } from '../../engine/engine-service.ts'
import { defineGauge } from './define-metric.ts'

export type ReadForecasts = (pool: PoolSnapshot, view: PublishedView) => PoolForecasts

export function registerForecastMetrics(
  registry: Registry,
  readView: () => PublishedView,
  forecasts: ReadForecasts,
): void {
  defineGauge(
    registry,
    {
      name: 'tandem_pool_runs_out_timestamp_seconds',
      help: 'When new clients get nothing from a pool any more, at the rate seen, now or if the partner were declared down; absent: not in sight.',
      labels: ['pool', 'subnet', 'kind', 'relationship', 'if'],
    },
    () => {
      const view = readView()
      return view.snapshot.pools.flatMap((pool) => {
        const { present, ifPartnerDown } = forecasts(pool, view)
        const labels = { pool: pool.id, subnet: pool.subnetId, kind: pool.kind, relationship: pool.relationship ?? '' }
        const sample = (condition: string, forecast: PoolForecast | null) => {
          const atMs = forecast?.outcome === 'empty' ? view.publishedAtMs : Date.parse(forecast?.at ?? '')
          return Number.isNaN(atMs) ? [] : [{ labels: { ...labels, if: condition }, value: atMs / 1000 }]
        }
        return [...sample('present', present), ...sample('partner-down', ifPartnerDown)]
      })
    },
  )
}
