/** Draining a pool over the API: handed to the engine once, shown by the pool and the relationship, refused in words. */
import { Pool, PoolPage, Problem, Relationship } from '@tandem/api-contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

const POOL = '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff'

let api: ApiFixture
let authorization: string
beforeEach(async () => {
  api = await startTestApi()
  authorization = `Bearer ${await api.token('operator')}`
})
afterEach(async () => api.close())

const command = async (act: 'drain' | 'stop-draining', body: object, key: string, pool = POOL) =>
  api.post(`/api/v1/pools/${pool}/${act}`, body, { authorization, 'idempotency-key': key })

const read = async (path: string): Promise<unknown> =>
  (await api.get(`/api/v1${path}`, await api.token('viewer'))).json()

it('drains a pool, counts it down and gives from it again', async () => {
  const body = { reason: 'the offices get another prefix' }
  const drained = await command('drain', body, 'd9d1f0a4-drain-1')
  expect(drained.status).toBe(200)
  expect(Pool.parse(await drained.json())).toMatchObject({
    id: POOL,
    draining: { reason: body.reason, leasesLeft: '2', reservedInUse: '1', emptyBy: expect.any(String) },
    // Nothing is known of the partner without a private channel.
    partnerDraining: null,
    forecast: { present: { outcome: 'gives-none' }, ifPartnerDown: { outcome: 'gives-none' } },
  })
  expect((await command('drain', body, 'd9d1f0a4-drain-1')).status).toBe(200)
  expect(api.engine.commands.map((each) => each.command)).toEqual([{ kind: 'drain-pool', pool: POOL, ...body }])
  expect(Relationship.parse(await read('/relationships/main')).drainingPools).toEqual([POOL])
  const stopped = await command('stop-draining', { reason: 'they keep it' }, 'd9d1f0a4-stop-1')
  expect(Pool.parse(await stopped.json()).draining).toBeNull()
  expect(PoolPage.parse(await read('/pools')).items.map(({ draining }) => draining)).toEqual([null])
  expect(Relationship.parse(await read('/relationships/main')).drainingPools).toEqual([])
})

it('says why the engine refused', async () => {
  const detail = 'The server is being shut down.'
  api.engine.answer = { ok: false, refusal: 'shutting-down', detail, currentState: undefined }
  const response = await command('drain', { reason: 'moved' }, 'd9d1f0a4-drain-2')
  expect(response.status).toBe(409)
  expect(Problem.parse(await response.json())).toMatchObject({ refusal: 'shutting-down', detail })
})

it('needs a reason, a pool and the role of an operator', async () => {
  const withoutReason = Problem.parse(await (await command('drain', {}, 'a-first-key')).json())
  expect(withoutReason.fields?.map(({ field }) => field)).toEqual(['body.reason'])
  const withoutPool = await command('drain', { reason: 'moved' }, 'a-second-key', 'another')
  expect(withoutPool.status).toBe(404)
  expect(Problem.parse(await withoutPool.json()).fields?.map(({ field }) => field)).toEqual(['params.pool'])
  authorization = `Bearer ${await api.token('viewer')}`
  expect((await command('drain', { reason: 'moved' }, 'a-third-key')).status).toBe(403)
  expect(api.engine.commands).toHaveLength(0)
})
