/** When pools run out, in words; and which of several is the first. */
import type { Pool, PoolForecast } from '@tandem/api-contract'
import type { IconName } from '../ui/icon.tsx'
import type { Tone } from '../ui/notice.tsx'
import { durationWords } from '../ui/time-words.ts'
import { groupedDigits } from './count-words.ts'

const HOUR_MS = 3_600_000
/** So little time that somebody has to get up; and so little that somebody has to see to it today. */
const AT_RISK_MS = 2 * HOUR_MS
const DEGRADED_MS = 24 * HOUR_MS

export interface ForecastLook {
  /** Undefined: nothing that needs anybody's eye. */
  readonly tone: Tone | undefined
  readonly icon: IconName | undefined
}

/** Everything but a time, which the page shows as one. */
export const outcomeWords: Readonly<Record<Exclude<PoolForecast['outcome'], 'runs-out'>, string>> = {
  empty: 'Empty now',
  'not-at-this-rate': 'Not at this rate',
  'not-within-a-year': 'Not within a year',
  'not-enough-data': 'Not known yet',
  'gives-none': 'Gives none now',
}

export function forecastLook({ outcome, at }: PoolForecast, nowMs: number): ForecastLook {
  if (outcome === 'empty') return { tone: 'down', icon: 'down' }
  if (outcome !== 'runs-out' || at === null) return { tone: undefined, icon: undefined }
  const leftMs = Date.parse(at) - nowMs
  if (leftMs < AT_RISK_MS) return { tone: 'at-risk', icon: 'at-risk' }
  return leftMs < DEGRADED_MS ? { tone: 'degraded', icon: 'degraded' } : { tone: undefined, icon: undefined }
}

/** What it was reckoned from: `212 an hour fewer, seen over 1 h`. */
export function rateWords({ outcome, perHour, windowSeconds }: PoolForecast): string {
  const window = durationWords(windowSeconds * 1000)
  if (outcome === 'gives-none')
    return 'new clients get nothing here: the state of the pair does not allow it, or the pool is being drained'
  if (perHour === null) return `watched for ${window}; two minutes are needed`
  if (perHour === 0) return `what is free stays the same, seen over ${window}`
  return `${rateNumber(Math.abs(perHour))} an hour ${perHour > 0 ? 'fewer' : 'more'} free, seen over ${window}`
}

function rateNumber(rate: number): string {
  return rate < 1000 ? String(rate) : groupedDigits(BigInt(Math.round(rate)).toString())
}

const fromWords: Readonly<Record<NonNullable<PoolForecast['from']>, string>> = {
  'own-free': 'what is free for this server',
  'partner-free': 'what is free for the partner, which serves new clients now',
  'all-free': 'all that is free',
}

/** What new clients get, for a tooltip. */
export function supplyWords({ from }: PoolForecast): string {
  return from === null ? 'nothing' : fromWords[from]
}

export type Condition = 'present' | 'ifPartnerDown'

export interface FirstToRunOut {
  readonly pool: Pool
  readonly forecast: PoolForecast
}

/** The pool with the least time left; undefined: none of them runs out within a year, as far as is known. */
export function firstToRunOut(pools: readonly Pool[], condition: Condition): FirstToRunOut | undefined {
  const running = pools.flatMap((pool): readonly FirstToRunOut[] => {
    const forecast = pool.forecast[condition]
    return forecast !== null && Number.isFinite(endOf(forecast)) ? [{ pool, forecast }] : []
  })
  return running.toSorted((a, b) => endOf(a.forecast) - endOf(b.forecast))[0]
}

/** Those that need an eye first: by the time that is left, then by how full they are. */
export function byUrgency(pools: readonly Pool[]): readonly Pool[] {
  return pools.toSorted((a, b) => {
    const [endA, endB] = [endOf(a.forecast.present), endOf(b.forecast.present)]
    return endA === endB ? sharePerMille(b) - sharePerMille(a) : endA - endB
  })
}

function sharePerMille({ leased, total }: Pool): number {
  return total === '0' ? 0 : Number((BigInt(leased) * 1000n) / BigInt(total))
}

function endOf({ outcome, at }: PoolForecast): number {
  if (outcome === 'empty') return Number.MIN_SAFE_INTEGER
  return outcome === 'runs-out' && at !== null ? Date.parse(at) : Number.POSITIVE_INFINITY
}

/** Why none is the first: what all of them have in common, or the most telling of it. */
export function noneRunsOutWords(pools: readonly Pool[], condition: Condition): string {
  const outcomes = new Set(pools.map(({ forecast }) => forecast[condition]?.outcome))
  if (outcomes.has('not-enough-data')) return outcomeWords['not-enough-data']
  if (outcomes.size === 1 && outcomes.has('gives-none')) return outcomeWords['gives-none']
  return 'None within a year'
}
