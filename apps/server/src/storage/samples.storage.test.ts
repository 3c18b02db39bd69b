/** How pools and traffic were over time, in the real database: written beside the commits, thinned out, removed with age (decision 0110). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import { sampleBounds, type PoolSample, type SampleBatch } from './sample-rows.ts'
import {
  listFreeSampleRows,
  listPoolSampleRows,
  listTrafficSampleRows,
  type SamplePageQuery,
} from './samples.queries.ts'
import { openTestStorage, rowsOf, type TestStorage } from './test-support/test-storage.ts'

const HOUR_MS = 3_600_000
/** The beginning of an hour. */
const AT = 1_795_744_800_000

const PREFIXES = 1n << 88n

function pool(name: string, leased: number): PoolSample {
  const free = PREFIXES - BigInt(leased)
  return {
    pool: name,
    total: PREFIXES,
    leased: BigInt(leased),
    ownFree: free - 9n,
    partnerFree: 9n,
    quarantined: 0n,
    waiting: 0n,
    reserved: 0n,
  }
}

function batch(atMs: number, leased: number): SampleBatch {
  return {
    atMs,
    pools: [pool('one', leased), pool('two', 0)],
    traffic: { coveredMs: 10_000, requests: leased, replies: leased - 1, unanswered: 1 },
  }
}

let storage: TestStorage
let database: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  database = await openConsoleDatabase(storage.storageUrl)
})
afterEach(async () => {
  await database.close()
  await storage.close()
})

async function write(...samples: readonly SampleBatch[]): Promise<void> {
  for (const each of samples) await storage.record({ leaseChanges: [], decisions: [], samples: each })
}

const query = (stepSeconds: number, more: Partial<SamplePageQuery> = {}): SamplePageQuery => ({
  stepSeconds,
  fromMs: undefined,
  toMs: undefined,
  beforeMs: undefined,
  limit: 100,
  ...more,
})

const timesOf = (rows: readonly { readonly at: bigint }[]): readonly number[] =>
  rows.map(({ at }) => (Number(at) - AT) / 1000)

describe('the history of a pool', () => {
  it('has each sample as a fine point, and as a coarse one where it ends a coarse step', async () => {
    const seconds = Array.from({ length: 62 }, (_, index) => index * 10)
    await write(...seconds.map((second) => batch(AT + second * 1000, 100 + second)))
    const fine = await listPoolSampleRows(database, 'one', query(10))
    expect(timesOf(fine)).toEqual(seconds.toReversed())
    expect(fine[0]).toMatchObject({ leased: '710', ownFree: (PREFIXES - 719n).toString(), total: PREFIXES.toString() })
    expect(timesOf(await listPoolSampleRows(database, 'one', query(300)))).toEqual([600, 300, 0])
    expect(timesOf(await listPoolSampleRows(database, 'two', query(3600)))).toEqual([0])
  })

  it('is read by stretch and by page, newest first', async () => {
    await write(...[0, 10, 20, 30, 40].map((second) => batch(AT + second * 1000, second)))
    const stretch = query(10, { fromMs: AT + 10_000, toMs: AT + 30_000 })
    expect(timesOf(await listPoolSampleRows(database, 'one', stretch))).toEqual([30, 20, 10])
    const page = query(10, { beforeMs: AT + 20_000, limit: 1 })
    expect(timesOf(await listPoolSampleRows(database, 'one', page))).toEqual([10])
  })

  it('has one point for one moment, though it be written twice', async () => {
    await write(batch(AT, 1), batch(AT, 2))
    expect((await listPoolSampleRows(database, 'one', query(10))).map(({ leased }) => leased)).toEqual(['2'])
  })

  it('of all pools tells what was free since a moment, oldest first', async () => {
    await write(batch(AT, 1), batch(AT + 10_000, 2))
    const rows = await listFreeSampleRows(database, 10, AT + 10_000)
    expect(rows.map(({ pool: name, at }) => `${name} ${Number(at)}`).toSorted()).toEqual([
      `one ${AT + 10_000}`,
      `two ${AT + 10_000}`,
    ])
    expect(rows.every(({ partnerFree }) => partnerFree === '9')).toBe(true)
  })
})

describe('the history of traffic', () => {
  it('sums up each coarse step, whatever restarts came in between', async () => {
    await write(batch(AT + 10_000, 5), batch(AT + 20_000, 7))
    await storage.release()
    await write(batch(AT + 300_000, 11), batch(AT + 310_000, 13))
    const coarse = await listTrafficSampleRows(database, query(300))
    expect(timesOf(coarse)).toEqual([600, 300])
    expect(
      coarse.map(({ requests, replies, unanswered, coveredMs }) => [requests, replies, unanswered, coveredMs]),
    ).toEqual([
      [13n, 12n, 1n, 10_000n],
      [23n, 20n, 3n, 30_000n],
    ])
    expect((await listTrafficSampleRows(database, query(3600))).map(({ requests }) => requests)).toEqual([36n])
  })

  it('has no point without anything to count from', async () => {
    await write({ ...batch(AT, 1), traffic: undefined })
    expect(await listTrafficSampleRows(database, query(10))).toEqual([])
  })
})

describe('what is too old', () => {
  it('goes, each step at an age of its own', async () => {
    await write(batch(AT, 1), batch(AT + 10_000, 2), batch(AT + HOUR_MS, 3))
    const left = async (): Promise<readonly unknown[]> =>
      rowsOf(storage.storageUrl, `SELECT "stepSeconds", count(*) FROM "PoolSample" GROUP BY 1 ORDER BY 1`)
    expect(await left()).toEqual([
      [10, 6],
      [300, 4],
      [3600, 4],
    ])
    expect(await storage.prune(AT + HOUR_MS + 10_001)).toBe(false)
    expect(await left()).toEqual([
      [10, 2],
      [300, 4],
      [3600, 4],
    ])
    await storage.prune(AT + 49 * HOUR_MS + 1)
    expect(await left()).toEqual([[3600, 4]])
    expect(timesOf(await listTrafficSampleRows(database, query(3600)))).toEqual([3600, 0].map((second) => second))
    await storage.prune(AT + 91 * 24 * HOUR_MS)
    expect(await left()).toEqual([])
    expect(await listTrafficSampleRows(database, query(3600))).toEqual([])
  })

  it('goes a piece at a time', async () => {
    const many: SampleBatch = {
      ...batch(AT + 10_000, 1),
      pools: Array.from({ length: 3000 }, (_, index) => pool(`${index}`, 1)),
    }
    await write(many)
    const more = [await storage.prune(AT + 2 * HOUR_MS), await storage.prune(AT + 2 * HOUR_MS)]
    expect(more).toEqual([true, false])
    expect(await listPoolSampleRows(database, '7', query(10))).toEqual([])
  })

  it('goes sooner with very many pools, so that all of them together have a bound', () => {
    const keptMs = (poolCount: number): number =>
      0 -
      (sampleBounds(poolCount, 0).find(({ table, stepSeconds }) => table === 'PoolSample' && stepSeconds === 3600)
        ?.beforeMs ?? 0)
    expect(keptMs(1)).toBe(90 * 24 * HOUR_MS)
    expect(keptMs(600)).toBe(90 * 24 * HOUR_MS)
    expect(keptMs(6000)).toBeLessThan(10 * 24 * HOUR_MS)
    expect((keptMs(6000) / HOUR_MS) * 6000).toBeLessThan(2_000_000)
  })
})
