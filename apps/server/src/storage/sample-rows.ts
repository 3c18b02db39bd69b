/** How pools and traffic were over time, as rows of their tables (prisma/schema.prisma, models PoolSample and TrafficSample; decision 0110). */
import { historySteps } from '@tandem/api-contract'
import type { Row } from './commit-rows.ts'

/** The finest step: a batch comes once in each, and its time is a multiple of it. */
export const SAMPLE_INTERVAL_MS = Math.min(...historySteps.map(({ seconds }) => seconds)) * 1000

/** Beyond so many rows of pools they are kept for a shorter time. */
const POOL_ROWS_MAX = 2_000_000

/** How one pool was divided. Plain values, since they cross between threads. */
export interface PoolSample {
  readonly pool: string
  readonly total: bigint
  readonly leased: bigint
  readonly ownFree: bigint
  readonly partnerFree: bigint
  readonly quarantined: bigint
  readonly waiting: bigint
  readonly reserved: bigint
}

/** What was counted since the sample before. */
export interface TrafficSample {
  readonly coveredMs: number
  readonly requests: number
  readonly replies: number
  readonly unanswered: number
}

export interface SampleBatch {
  /** A multiple of SAMPLE_INTERVAL_MS. */
  readonly atMs: number
  readonly pools: readonly PoolSample[]
  /** Undefined: nothing to count from yet. */
  readonly traffic: TrafficSample | undefined
}

export const POOL_SAMPLE_KEY = ['pool', 'stepSeconds', 'at'] as const
export const POOL_SAMPLE_COLUMNS = [
  ...POOL_SAMPLE_KEY,
  'total',
  'leased',
  'ownFree',
  'partnerFree',
  'quarantined',
  'waiting',
  'reserved',
] as const

export const TRAFFIC_SAMPLE_KEY = ['stepSeconds', 'at'] as const
const TRAFFIC_SUMS = ['coveredMs', 'requests', 'replies', 'unanswered'] as const
export const TRAFFIC_SAMPLE_COLUMNS = [...TRAFFIC_SAMPLE_KEY, ...TRAFFIC_SUMS] as const

/** What an INSERT does where the row is there: a coarse step is the sum of its fine ones. */
export const ADD_TRAFFIC = `ON CONFLICT ("stepSeconds", "at") DO UPDATE SET ${TRAFFIC_SUMS.map(
  (column) => `"${column}" = "TrafficSample"."${column}" + excluded."${column}"`,
).join(', ')}`

/** A count at a moment: it stands for every step of which the moment is a multiple. */
export function poolSampleRows({ atMs, pools }: SampleBatch): readonly Row[] {
  const steps = historySteps.filter(({ seconds }) => atMs % (seconds * 1000) === 0)
  return steps.flatMap(({ seconds }) =>
    pools.map(({ pool, total, leased, ownFree, partnerFree, quarantined, waiting, reserved }) => [
      pool,
      seconds,
      atMs,
      ...[total, leased, ownFree, partnerFree, quarantined, waiting, reserved].map(String),
    ]),
  )
}

/** Of each kind of step the one that the moment ends, or lies in. */
export function trafficSampleRows({ atMs, traffic }: SampleBatch): readonly Row[] {
  if (traffic === undefined) return []
  const { coveredMs, requests, replies, unanswered } = traffic
  return historySteps.map(({ seconds }) => {
    const stepMs = seconds * 1000
    return [seconds, Math.ceil(atMs / stepMs) * stepMs, coveredMs, requests, replies, unanswered]
  })
}

export interface SampleBound {
  readonly table: 'PoolSample' | 'TrafficSample'
  readonly key: readonly string[]
  readonly stepSeconds: number
  readonly beforeMs: number
}

/** What goes: whatever is older than its step is kept, and with very many pools sooner. */
export function sampleBounds(poolCount: number, nowMs: number): readonly SampleBound[] {
  const rowsOfPool = historySteps.reduce((rows, { seconds, keptSeconds }) => rows + keptSeconds / seconds, 0)
  const share = Math.min(1, POOL_ROWS_MAX / (rowsOfPool * Math.max(1, poolCount)))
  return historySteps.flatMap(({ seconds, keptSeconds }): readonly SampleBound[] => [
    {
      table: 'PoolSample',
      key: POOL_SAMPLE_KEY,
      stepSeconds: seconds,
      beforeMs: Math.floor(nowMs - keptSeconds * share * 1000),
    },
    {
      table: 'TrafficSample',
      key: TRAFFIC_SAMPLE_KEY,
      stepSeconds: seconds,
      beforeMs: Math.floor(nowMs - keptSeconds * 1000),
    },
  ])
}
