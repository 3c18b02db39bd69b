/** Forecasts over the API: from the history of before a restart, and as the state is now. */
import { PoolPage } from '@tandem/api-contract'
import type { PoolForecasts } from '@tandem/api-contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { keepAll } from '../storage/test-support/fixtures.ts'

const POOL = '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff'
/** As the fixture's pool has it. */
const FREE = (1n << 63n) - 1n
const STEP_MS = 300_000

let api: ApiFixture
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(async () => api.close())

async function forecast(): Promise<PoolForecasts | undefined> {
  const response = await api.get('/api/v1/pools', await api.token('viewer'))
  return PoolPage.parse(await response.json()).items[0]?.forecast
}

/** So many more were free then. */
async function wasFree(stepsAgo: number, more: bigint, total = 1n << 64n): Promise<void> {
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  const atMs = (Math.floor(Date.now() / STEP_MS) - stepsAgo) * STEP_MS
  const counts = { total, leased: 2n, ownFree: FREE + more, partnerFree: FREE, quarantined: 0n, waiting: 0n }
  const pools = [{ pool: POOL, ...counts, reserved: 0n }]
  await store.record({ leaseChanges: [], decisions: [], samples: { atMs, pools, traffic: undefined } })
  await store.close()
}

it('is not known of a server that has just started for the first time', async () => {
  const unknown = { outcome: 'not-enough-data', at: null, from: 'own-free', free: FREE.toString(), perHour: null }
  expect(await forecast()).toEqual({
    present: { ...unknown, windowSeconds: 0 },
    ifPartnerDown: { ...unknown, windowSeconds: 0 },
  })
})

it('comes from the history after a restart', async () => {
  await wasFree(6, 1_000_000n)
  api = await api.restart()
  const found = await forecast()
  expect(found?.present).toMatchObject({ outcome: 'not-within-a-year', from: 'own-free', free: FREE.toString() })
  // A million in 30 to 35 minutes.
  expect(found?.present.perHour).toBeGreaterThan(1_700_000)
  expect(found?.present.perHour).toBeLessThan(2_010_000)
  expect(found?.present.windowSeconds).toBeGreaterThanOrEqual(1800)
})

it('leaves out what the pool was when it had another size, and what was long ago', async () => {
  await wasFree(2, 5n, 1n << 65n)
  await wasFree(13, 5n)
  api = await api.restart()
  expect((await forecast())?.present).toMatchObject({ outcome: 'not-enough-data', windowSeconds: 0 })
})

it('follows the state', async () => {
  await wasFree(6, 1_000_000n)
  api = await api.restart()
  api.engine.show({ state: 'RECOVER', answers: 'nobody' })
  expect((await forecast())?.present).toMatchObject({ outcome: 'gives-none', from: null, free: '0' })
  api.engine.show({ state: 'PARTNER-DOWN', answers: 'everyone' })
  expect(await forecast()).toMatchObject({ present: { from: 'own-free' }, ifPartnerDown: null })
})
