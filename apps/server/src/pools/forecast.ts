/** When a pool runs out, from how fast it has been falling and from what the failover state lets new clients have. Nothing else decides it. */
import type { PoolForecast, PoolForecasts } from '@tandem/api-contract'
import type { EndpointState, PoolSnapshot, RelationshipSnapshot } from '@tandem/engine'
import { countOf, isoOf } from '../http/view-values.ts'

/** What was free in a pool at a moment, on both sides: what the partners move between them is no news. */
export interface FreePoint {
  readonly atMs: number
  readonly free: bigint
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const YEAR_MS = 365 * 24 * HOUR_MS

/** A rush shows in the short one, a slow leak in the long one. */
const WINDOWS_MS = [HOUR_MS, 10 * MINUTE_MS] as const
export const LONGEST_WINDOW_MS = Math.max(...WINDOWS_MS)
/** Less says nothing: a few clients that come and go would look like a trend. */
export const SHORTEST_WINDOW_MS = 2 * MINUTE_MS

/** Clients that come first of all, as when a server or a whole site is switched on, look like a rush that never ends. */
const YOUNG_MS = 10 * MINUTE_MS
/** So young a look sees ahead so many times its length. */
const SIGHT_FACTOR = 5

export interface Trend {
  /** Of the last point. */
  readonly atMs: number
  /** Undefined: watched too shortly. */
  readonly perHour: number | undefined
  readonly windowMs: number
}

/** `points` in the order of time. The window in which the pool fell faster counts: an early warning does less harm than a late one. */
export function trendOf(points: readonly FreePoint[]): Trend | undefined {
  const last = points.at(-1)
  if (last === undefined) return undefined
  const seen = WINDOWS_MS.map((windowMs) => fallWithin(points, last, windowMs))
  const known = seen.filter(({ perHour }) => perHour !== undefined)
  const [fastest] = known.toSorted((a, b) => (b.perHour ?? 0) - (a.perHour ?? 0))
  return fastest ?? seen[0]
}

function fallWithin(points: readonly FreePoint[], last: FreePoint, longestMs: number): Trend {
  const first = points.find(({ atMs }) => last.atMs - atMs <= longestMs) ?? last
  const windowMs = last.atMs - first.atMs
  const perHour = windowMs < SHORTEST_WINDOW_MS ? undefined : (Number(first.free - last.free) * HOUR_MS) / windowMs
  return { atMs: last.atMs, perHour, windowMs }
}

/** Which free leases new clients get. */
interface Supply {
  readonly from: NonNullable<PoolForecast['from']>
  readonly free: bigint
  /** The partner's ones, once they may be given too. */
  readonly later?: { readonly fromMs: number; readonly free: bigint }
}

export interface Situation {
  /** Undefined: this server serves the pool alone. */
  readonly relationship: RelationshipSnapshot | undefined
  /** Free ones have an owner and are evened out: prefixes, and proportional addresses (decision 0078). Else each keeps its half. */
  readonly isShared: boolean
  readonly nowMs: number
}

export function forecastsOf(pool: PoolSnapshot, situation: Situation, trend: Trend | undefined): PoolForecasts {
  const { relationship, nowMs } = situation
  const mayDeclare = relationship?.commands.declarePartnerDown.allowed === true && relationship.state !== 'PARTNER-DOWN'
  if (pool.drain !== undefined) {
    const none = forecast(undefined, trend, nowMs)
    return { present: none, ifPartnerDown: mayDeclare ? none : null }
  }
  return {
    present: forecast(presentSupply(pool, situation), trend, nowMs),
    ifPartnerDown: mayDeclare
      ? forecast(alone(pool, situation, nowMs + relationship.mcltSeconds * 1000), trend, nowMs)
      : null,
  }
}

type Giver = 'pair' | 'this-server' | 'this-server-alone' | 'primary' | 'nobody'

/** From whom new clients get leases in each state (RFC 8156 section 8). */
const givers: Readonly<Record<EndpointState, Giver>> = {
  STARTUP: 'nobody',
  NORMAL: 'pair',
  'COMMUNICATIONS-INTERRUPTED': 'this-server',
  'PARTNER-DOWN': 'this-server-alone',
  'POTENTIAL-CONFLICT': 'nobody',
  RECOVER: 'nobody',
  'RECOVER-WAIT': 'nobody',
  'RECOVER-DONE': 'nobody',
  'RESOLUTION-INTERRUPTED': 'this-server',
  'CONFLICT-DONE': 'primary',
}

/** Undefined: new clients get none. */
function presentSupply(pool: PoolSnapshot, situation: Situation): Supply | undefined {
  const { relationship, isShared, nowMs } = situation
  const all: Supply = { from: 'all-free', free: pool.ownFree + pool.partnerFree }
  const own: Supply = { from: 'own-free', free: pool.ownFree }
  if (relationship === undefined) return all
  const isPrimary = relationship.role === 'primary'
  switch (givers[relationship.state]) {
    case 'pair':
      // What one runs short of the other one hands over, or an active standby gives by itself; else all come from the primary's half.
      if (isShared || relationship.activeStandby) return all
      return isPrimary ? own : { from: 'partner-free', free: pool.partnerFree }
    case 'this-server':
      return own
    case 'this-server-alone':
      return alone(pool, situation, (relationship.partnerDownSince ?? nowMs) + relationship.mcltSeconds * 1000)
    case 'primary':
      return isPrimary ? own : undefined
    case 'nobody':
      return undefined
  }
}

/** In PARTNER-DOWN: of shared ones the partner's too, after MCLT; the partner's half of others never (RFC 8156 section 4.2.1). */
function alone(pool: PoolSnapshot, { isShared, nowMs }: Situation, partnersFromMs: number): Supply {
  const { ownFree, partnerFree } = pool
  if (!isShared) return { from: 'own-free', free: ownFree }
  if (partnersFromMs <= nowMs) return { from: 'all-free', free: ownFree + partnerFree }
  return { from: 'own-free', free: ownFree, later: { fromMs: partnersFromMs, free: partnerFree } }
}

function forecast(supply: Supply | undefined, trend: Trend | undefined, nowMs: number): PoolForecast {
  const rate = {
    perHour: trend?.perHour === undefined ? null : rounded(trend.perHour),
    windowSeconds: Math.round((trend?.windowMs ?? 0) / 1000),
  }
  if (supply === undefined) return { outcome: 'gives-none', at: null, from: null, free: '0', ...rate }
  const found = exhaustion(supply, trend, nowMs)
  return {
    outcome: found.outcome,
    at: found.atMs === undefined ? null : isoOf(found.atMs),
    from: supply.from,
    free: countOf(supply.free),
    ...rate,
  }
}

interface Exhaustion {
  readonly outcome: PoolForecast['outcome']
  readonly atMs?: number
}

function exhaustion({ free, later }: Supply, trend: Trend | undefined, nowMs: number): Exhaustion {
  if (free <= 0n) return { outcome: 'empty' }
  if (trend?.perHour === undefined) return { outcome: 'not-enough-data' }
  const { atMs: sinceMs, perHour, windowMs } = trend
  if (perHour <= 0) return { outcome: 'not-at-this-rate' }
  const lastGivenMs = (count: bigint): number => sinceMs + (Number(count) / perHour) * HOUR_MS
  const ownMs = lastGivenMs(free)
  const atMs = later !== undefined && ownMs >= later.fromMs ? lastGivenMs(free + later.free) : ownMs
  if (windowMs < YOUNG_MS && atMs - nowMs > SIGHT_FACTOR * windowMs) return { outcome: 'not-enough-data' }
  if (atMs - nowMs > YEAR_MS) return { outcome: 'not-within-a-year' }
  return { outcome: 'runs-out', atMs: Math.round(atMs / 1000) * 1000 }
}

/** Three digits are more than a forecast knows. */
function rounded(perHour: number): number {
  return Number(perHour.toPrecision(3))
}
