/** How pools and traffic were over time, read page by page, newest first (decision 0110). */
import type { ConsoleDatabase } from './console-database.ts'
import { between } from './time-range.ts'

export interface PoolSampleRow {
  readonly at: bigint
  readonly total: string
  readonly leased: string
  readonly ownFree: string
  readonly partnerFree: string
  readonly quarantined: string
  readonly waiting: string
  readonly reserved: string
}

export interface TrafficSampleRow {
  readonly at: bigint
  readonly coveredMs: bigint
  readonly requests: bigint
  readonly replies: bigint
  readonly unanswered: bigint
}

export interface SamplePageQuery {
  readonly stepSeconds: number
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** The time of the last one of the page before. */
  readonly beforeMs: number | undefined
  readonly limit: number
}

export async function listPoolSampleRows(
  { prisma }: ConsoleDatabase,
  pool: string,
  { stepSeconds, fromMs, toMs, beforeMs, limit }: SamplePageQuery,
): Promise<readonly PoolSampleRow[]> {
  return prisma.poolSample.findMany({
    where: { pool, stepSeconds, at: { ...between(fromMs, toMs), ...before(beforeMs) } },
    orderBy: { at: 'desc' },
    take: limit,
  })
}

export async function listTrafficSampleRows(
  { prisma }: ConsoleDatabase,
  { stepSeconds, fromMs, toMs, beforeMs, limit }: SamplePageQuery,
): Promise<readonly TrafficSampleRow[]> {
  return prisma.trafficSample.findMany({
    where: { stepSeconds, at: { ...between(fromMs, toMs), ...before(beforeMs) } },
    orderBy: { at: 'desc' },
    take: limit,
  })
}

export interface FreeSampleRow {
  readonly pool: string
  readonly at: bigint
  readonly total: string
  readonly ownFree: string
  readonly partnerFree: string
}

/** What was free in all pools since then, oldest first. */
export async function listFreeSampleRows(
  { prisma }: ConsoleDatabase,
  stepSeconds: number,
  fromMs: number,
): Promise<readonly FreeSampleRow[]> {
  return prisma.poolSample.findMany({
    where: { stepSeconds, at: { gte: BigInt(fromMs) } },
    select: { pool: true, at: true, total: true, ownFree: true, partnerFree: true },
    orderBy: { at: 'asc' },
  })
}

const before = (beforeMs: number | undefined) => (beforeMs === undefined ? {} : { lt: BigInt(beforeMs) })
