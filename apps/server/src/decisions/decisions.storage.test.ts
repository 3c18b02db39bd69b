/** Decisions and the history of a lease over the API: filters, pages, and words that a caller understands. */
import { DecisionPage, LeaseChangePage, Problem } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import type { DecisionRecord, LeaseChangeRecord } from '../storage/record-batch.ts'
import { keepAll } from '../storage/test-support/fixtures.ts'

let api: ApiFixture
let token: string

const at = Date.UTC(2026, 10, 26, 12, 0, 0)

function decision(number: number, more: Partial<DecisionRecord>): DecisionRecord {
  return {
    kind: 'no-answer',
    firstAtMs: at + number * 1000 - 500,
    lastAtMs: at + number * 1000,
    count: 40 + number,
    relationship: 'main',
    subnetId: undefined,
    lease: undefined,
    clientDuid: '000300010203',
    messageType: 'SOLICIT',
    reason: 'failover-state',
    detail: 'the partner answers',
    rule: 'RFC 8156 8.8.1',
    inputs: { state: 'NORMAL' },
    commitNumber: 17,
    ...more,
  }
}

function change(number: number, lease = '2001:db8:8000:100::/56'): LeaseChangeRecord {
  const atMs = at + number * 1000
  const statuses = ['ACTIVE', 'EXPIRED', 'FREE'] as const
  return {
    lease,
    atMs,
    from: number === 0 ? undefined : statuses[number - 1],
    to: statuses[number] ?? 'FREE',
    cause: number === 0 ? 'client' : number === 1 ? 'expiry' : 'acknowledged',
    clientDuid: '000300010203',
    expiresAtMs: number === 0 ? atMs + 60_000 : undefined,
    commitNumber: number,
  }
}

beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  const rejected = { kind: 'update-rejected', lease: '2001:db8:1::1', reason: 'by-us-status-19' } as const
  await store.record({
    leaseChanges: [change(0), change(1), change(0, '2001:db8:1::1'), change(2)],
    decisions: [
      decision(0, {}),
      decision(1, rejected),
      decision(2, { kind: 'allocation-failed', relationship: undefined, subnetId: 'lan' }),
    ],
  })
  await store.close()
})
afterAll(async () => api.close())

async function decisions(query: string) {
  const response = await api.get(`/api/v1/decisions?${query}`, token)
  expect(response.status).toBe(200)
  return DecisionPage.parse(await response.json())
}

describe('the list of decisions', () => {
  it('has the newest first, with rule, inputs, count and commit', async () => {
    const { items } = await decisions('')
    expect(items.map(({ kind }) => kind)).toEqual(['allocation-failed', 'update-rejected', 'no-answer'])
    expect(items[2]).toEqual({
      id: '1',
      kind: 'no-answer',
      firstAt: '2026-11-26T11:59:59.500Z',
      at: '2026-11-26T12:00:00.000Z',
      count: '40',
      relationship: 'main',
      subnetId: null,
      lease: null,
      clientDuid: '00:03:00:01:02:03',
      messageType: 'SOLICIT',
      reason: 'failover-state',
      detail: 'the partner answers',
      rule: 'RFC 8156 8.8.1',
      inputs: { state: 'NORMAL' },
      commitNumber: '17',
    })
  })

  it.each([
    ['kind=update-rejected', ['2']],
    ['relationship=main', ['2', '1']],
    ['lease=2001:db8:1::1', ['2']],
    ['lease=2001:0DB8:1:0::1', ['2']],
    ['from=2026-11-26T12:00:01Z', ['3', '2']],
    ['to=2026-11-26T12:00:01Z&relationship=main', ['2', '1']],
    ['kind=no-answer&lease=2001:db8:1::1', []],
  ])('finds %s', async (query, expected) => {
    expect((await decisions(query)).items.map(({ id }) => id)).toEqual(expected)
  })

  it('is paged', async () => {
    const first = await decisions('limit=2')
    const second = await decisions(`limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['3', '2', '1'])
    expect(second.nextCursor).toBeNull()
  })

  it.each(['kind=nonsense', 'lease=nonsense', 'from=yesterday', 'cursor=nonsense'])(
    'refuses %s in words',
    async (query) => {
      const response = await api.get(`/api/v1/decisions?${query}`, token)
      expect(response.status).toBe(422)
      expect(Problem.parse(await response.json()).fields?.[0]?.field).toBe(`query.${query.split('=', 1)[0]}`)
    },
  )
})

describe('the history of a lease', () => {
  it.each(['2001:db8:8000:100::-56', '2001:0db8:8000:0100:0:0:0:0%2F56'])('is found as %s', async (written) => {
    const response = await api.get(`/api/v1/leases/${written}/history`, token)
    const { items } = LeaseChangePage.parse(await response.json())
    expect(items.map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['expired', 'free', 'acknowledged'],
      ['active', 'expired', 'expiry'],
      [null, 'active', 'client'],
    ])
    expect(items[2]).toMatchObject({ clientDuid: '00:03:00:01:02:03', expiresAt: '2026-11-26T12:01:00.000Z' })
  })

  it('is paged, and empty for a lease without one', async () => {
    const read = async (query: string) =>
      LeaseChangePage.parse(
        await (await api.get(`/api/v1/leases/2001:db8:8000:100::-56/history?${query}`, token)).json(),
      )
    const first = await read('limit=2')
    expect(first.items).toHaveLength(2)
    expect((await read(`limit=2&cursor=${first.nextCursor}`)).items.map(({ id }) => id)).toEqual(['1'])
    const other = await api.get('/api/v1/leases/2001:db8::77/history', token)
    expect(await other.json()).toEqual({ items: [], nextCursor: null })
  })
})
