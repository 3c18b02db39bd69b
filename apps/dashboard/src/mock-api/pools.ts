/** Pools from a small one to one of 2^64. */
import type { Pool, PoolDraining, PoolForecast, PoolForecasts, PoolList } from '@tandem/api-contract'
import type { Scenario } from './scenario.ts'
import { inSeconds, now } from './times.ts'

const notDrained = { draining: null, partnerDraining: false } as const

const pools: readonly Omit<Pool, 'forecast'>[] = [
  {
    id: '2001:db8:1::1000-2001:db8:1::1fff',
    subnetId: 'offices',
    kind: 'address',
    relationship: 'demo',
    delegatedLength: null,
    total: '4096',
    leased: '1204',
    ownFree: '1401',
    partnerFree: '1414',
    quarantined: '6',
    waiting: '37',
    reserved: '34',
    ...notDrained,
  },
  {
    id: '2001:db8:2::-2001:db8:2::ffff:ffff:ffff:ffff',
    subnetId: 'labs',
    kind: 'address',
    relationship: 'demo',
    delegatedLength: null,
    total: '18446744073709551616',
    leased: '310',
    ownFree: '9223372036854775590',
    partnerFree: '9223372036854775707',
    quarantined: '0',
    waiting: '9',
    reserved: '0',
    ...notDrained,
  },
  {
    id: '2001:db8:8000::/36-56',
    subnetId: 'offices',
    kind: 'prefix',
    relationship: 'demo',
    delegatedLength: 56,
    total: '1048576',
    leased: '96',
    ownFree: '524236',
    partnerFree: '524240',
    quarantined: '0',
    waiting: '4',
    reserved: '0',
    ...notDrained,
  },
]

/** `drains`: by the ids of the pools. */
export function poolsWith(
  leased: number,
  scenario: Scenario = 'normal',
  drains: ReadonlyMap<string, PoolDraining> = new Map(),
): PoolList {
  return {
    items: pools.map((pool, index) => {
      const draining = drains.get(pool.id) ?? null
      const counts = { ...pool, draining, ...(index === 0 ? { leased: String(leased) } : {}) }
      const forecasts = forecastsIn(scenario, counts, index)
      return {
        ...counts,
        forecast: draining === null ? forecasts : { present: none(forecasts.present), ifPartnerDown: null },
      }
    }),
    commitNumber: '48213',
    publishedAt: now(),
  }
}

function none(forecast: PoolForecast): PoolForecast {
  return { ...forecast, outcome: 'gives-none', at: null, from: null, free: '0' }
}

export function drainingOf({ leased }: Pool, operator: string, reason: string): PoolDraining {
  return { since: now(), operator, reason, leasesLeft: leased, emptyBy: inSeconds(HOUR), reservedInUse: '0' }
}

const HOUR = 3600
const rates = [212, 18, -4] as const

function forecastsIn(scenario: Scenario, pool: Omit<Pool, 'forecast'>, index: number): PoolForecasts {
  const seen = { perHour: rates[index] ?? 0, windowSeconds: HOUR }
  const own: PoolForecast = { outcome: 'not-at-this-rate', at: null, from: 'own-free', free: pool.ownFree, ...seen }
  const of = (secondsFromOpening: number): PoolForecast => {
    if (scenario === 'young') return { ...own, outcome: 'not-enough-data', perHour: null, windowSeconds: 70 }
    if (index === 0) return { ...own, outcome: 'runs-out', at: inSeconds(secondsFromOpening) }
    return index === 1 ? { ...own, outcome: 'not-within-a-year' } : own
  }
  if (scenario === 'partner-down' || scenario === 'recovering') return { present: of(6.6 * HOUR), ifPartnerDown: null }
  if (scenario === 'recover-wait') {
    return { present: { ...own, outcome: 'gives-none', from: null, free: '0' }, ifPartnerDown: null }
  }
  return { present: of(scenario === 'degraded' ? 3.2 * HOUR : 6.7 * HOUR), ifPartnerDown: of(3.1 * HOUR) }
}

export const noPools = (): PoolList => ({ items: [], commitNumber: '1', publishedAt: now() })
