/** How pools and traffic were, as a server that ran for a while would tell it; made from the present, so that both fit together. */
import { HistoryQuery, historySteps, poolKeyOf } from '@tandem/api-contract'
import type { Pool, PoolHistory, PoolPoint, TrafficHistory, TrafficPoint } from '@tandem/api-contract'
import { refuse } from './refused.ts'
import type { MockWorld } from './world.ts'

/** In the scenario `young`: too short for a forecast. */
const YOUNG_SECONDS = 70
/** A server that was off for a while leaves a gap. */
const OFF_SECONDS_AGO = { from: 30 * 3600, to: 24 * 3600 }

export function poolHistory(world: MockWorld, key: string, query: unknown): PoolHistory {
  const { step, ...bounds } = HistoryQuery.parse(query)
  const pool =
    world.pools.items.find(({ id }) => poolKeyOf(id) === poolKeyOf(key)) ??
    refuse(404, 'not-found', `There is no pool ${key}.`, 'Look at the list of pools.')
  const items = timesOf(world, step, bounds).map(({ at, ageSeconds }) => pointOf(pool, at, ageSeconds))
  return { items, nextCursor: null, step }
}

export function trafficHistory(world: MockWorld, query: unknown): TrafficHistory {
  const { step, ...bounds } = HistoryQuery.parse(query)
  const seconds = secondsOf(step)
  const items = timesOf(world, step, bounds).map(({ at, ageSeconds }): TrafficPoint => {
    const requests = Math.round(seconds * (20.8 + 3 * Math.sin(ageSeconds / 97) + 2 * Math.sin(ageSeconds / 23)))
    const unanswered = world.relationships[0]?.communicationsOk === false && ageSeconds < 300 ? seconds / 2 : 0
    return {
      at,
      coveredSeconds: seconds,
      requests: String(requests),
      replies: String(Math.max(0, Math.round(requests - unanswered))),
      unanswered: String(Math.round(unanswered)),
    }
  })
  return { items, nextCursor: null, step }
}

interface Bounds {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
}

/** Newest first. */
function timesOf(
  { scenario }: MockWorld,
  step: HistoryQuery['step'],
  { from, to, limit }: Bounds,
): readonly { readonly at: string; readonly ageSeconds: number }[] {
  const stepMs = secondsOf(step) * 1000
  const kept = historySteps.find((each) => each.step === step)?.keptSeconds ?? 0
  const ageMax = scenario === 'young' ? YOUNG_SECONDS : kept
  const now = Date.now()
  const last = Math.floor(now / stepMs) * stepMs
  return Array.from({ length: kept / (stepMs / 1000) }, (_, index) => last - index * stepMs)
    .map((at) => ({ at: new Date(at).toISOString(), ageSeconds: (now - at) / 1000 }))
    .filter(({ ageSeconds }) => ageSeconds <= ageMax && !wasOff(ageSeconds))
    .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at <= to))
    .slice(0, limit)
}

function wasOff(ageSeconds: number): boolean {
  return ageSeconds > OFF_SECONDS_AGO.to && ageSeconds < OFF_SECONDS_AGO.from
}

function secondsOf(step: HistoryQuery['step']): number {
  return historySteps.find((each) => each.step === step)?.seconds ?? 10
}

/** Fewer were leased, with ups and downs of a day and of minutes. */
function pointOf(pool: Pool, at: string, ageSeconds: number): PoolPoint {
  const { total, leased, ownFree, partnerFree, quarantined, waiting, reserved } = pool
  const now = Number(leased)
  const daily = 0.08 * now * (Math.cos((ageSeconds / 86_400) * 2 * Math.PI) - 1)
  const fewer = Math.min(
    now,
    Math.round((ageSeconds / 3600) * (now / 400) - daily + 2 * Math.sin(ageSeconds / 300) ** 2),
  )
  const half = BigInt(Math.round(fewer * 0.8))
  return {
    at,
    total,
    leased: String(now - fewer),
    ownFree: (BigInt(ownFree) + half).toString(),
    partnerFree: (BigInt(partnerFree) + BigInt(fewer) - half).toString(),
    quarantined,
    waiting,
    reserved,
  }
}
