/** Histories of pools and traffic over the API: steps, pages, and words that a caller understands. */
import { PoolHistory, Problem, TrafficHistory } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { keepAll } from '../storage/test-support/fixtures.ts'

let api: ApiFixture
let token: string
const AT = Date.UTC(2026, 10, 26, 12, 0, 0)
const POOL = '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff'

beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  for (const [index, leased] of [40n, 41n, 42n].entries()) {
    const free = (1n << 63n) - leased
    const counts = { total: 1n << 64n, leased, ownFree: free, partnerFree: 1n << 63n, quarantined: 0n, waiting: 0n }
    const pools = [{ pool: POOL, ...counts, reserved: 0n }]
    const traffic = { coveredMs: 9_500, requests: 20 + index, replies: 19, unanswered: index }
    await store.record({ leaseChanges: [], decisions: [], samples: { atMs: AT + index * 10_000, pools, traffic } })
  }
  await store.close()
})
afterAll(async () => api.close())

async function read(path: string): Promise<unknown> {
  const response = await api.get(`/api/v1${path}`, token)
  expect(response.status).toBe(200)
  return response.json()
}

describe('the history of a pool', () => {
  it('has the newest first, with every count as text', async () => {
    const { items, step, nextCursor } = PoolHistory.parse(await read(`/pools/${POOL}/history`))
    expect({ step, nextCursor }).toEqual({ step: '10s', nextCursor: null })
    expect(items.map(({ leased }) => leased)).toEqual(['42', '41', '40'])
    expect(items[2]).toEqual({
      at: '2026-11-26T12:00:00.000Z',
      total: '18446744073709551616',
      leased: '40',
      ownFree: '9223372036854775768',
      partnerFree: '9223372036854775808',
      quarantined: '0',
      waiting: '0',
      reserved: '0',
    })
  })

  it.each([
    ['step=5min', ['40']],
    ['step=1h', ['40']],
    ['from=2026-11-26T12:00:10Z', ['42', '41']],
    ['to=2026-11-26T12:00:10Z', ['41', '40']],
  ])('is asked for with %s', async (query, expected) => {
    const { items } = PoolHistory.parse(await read(`/pools/${POOL}/history?${query}`))
    expect(items.map(({ leased }) => leased)).toEqual(expected)
  })

  it('is paged', async () => {
    const first = PoolHistory.parse(await read(`/pools/${POOL}/history?limit=2`))
    const rest = PoolHistory.parse(await read(`/pools/${POOL}/history?limit=2&cursor=${first.nextCursor}`))
    expect([...first.items, ...rest.items].map(({ leased }) => leased)).toEqual(['42', '41', '40'])
    expect(rest.nextCursor).toBeNull()
  })

  it('is refused in words for a pool that there is not', async () => {
    const response = await api.get('/api/v1/pools/2001:db8:9::-64/history', token)
    expect(Problem.parse(await response.json())).toMatchObject({ status: 404, fields: [{ field: 'params.pool' }] })
  })
})

describe('the history of traffic', () => {
  it('has fine points, and sums in coarse ones', async () => {
    const fine = TrafficHistory.parse(await read('/server/traffic'))
    expect(fine.items.map(({ requests, unanswered }) => [requests, unanswered])).toEqual([
      ['22', '2'],
      ['21', '1'],
      ['20', '0'],
    ])
    const coarse = TrafficHistory.parse(await read('/server/traffic?step=5min&limit=1'))
    expect(coarse.items).toEqual([
      { at: '2026-11-26T12:05:00.000Z', coveredSeconds: 19, requests: '43', replies: '38', unanswered: '3' },
    ])
    expect(coarse.nextCursor).not.toBeNull()
  })

  it('has no point of a step that has not ended', async () => {
    const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
    const atMs = Math.floor(Date.now() / 10_000) * 10_000
    const traffic = { coveredMs: 10_000, requests: 7, replies: 7, unanswered: 0 }
    await store.record({ leaseChanges: [], decisions: [], samples: { atMs, pools: [], traffic } })
    await store.close()
    const from = new Date(atMs).toISOString()
    expect(TrafficHistory.parse(await read(`/server/traffic?from=${from}`)).items).toHaveLength(1)
    const coarse = TrafficHistory.parse(await read(`/server/traffic?step=1h&from=${from}`)).items
    expect(coarse.every(({ at }) => Date.parse(at) <= Date.now())).toBe(true)
  })
})
