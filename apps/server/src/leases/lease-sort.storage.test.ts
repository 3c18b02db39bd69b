/** More leases than are sorted by their end: the answer names the field and the ways out, one lease less is sorted. */
import { LeasePage, Problem } from '@tandem/api-contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

const LEASES = 10_001
const AT_MS = Date.UTC(2026, 10, 21, 3, 0, 0)

let api: ApiFixture
let token: string

beforeAll(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  const data = Array.from({ length: LEASES }, (_, number) => ({
    kind: 'address',
    address: Buffer.from(`20010db8${number.toString(16).padStart(24, '0')}`, 'hex'),
    length: 128,
    // All but one are in the first.
    subnetId: number === 0 ? 'labs' : 'offices',
    status: 'ACTIVE',
    statusSince: BigInt(AT_MS),
    statusExpiresAt: BigInt(AT_MS + ((number * 7919) % LEASES)),
    t1Seconds: 30n,
    t2Seconds: 60n,
    preferredSeconds: 120n,
    validSeconds: 120n,
    owedToPartner: false,
    updateSent: false,
    commitNumber: 1n,
  }))
  await api.putLeases(data)
})
afterAll(async () => api.close())

it('refuses to sort them by their end, and says what to do instead', async () => {
  const refused = await api.get('/api/v1/leases?sort=-stateExpiresAt', token)
  expect(refused.status).toBe(422)
  const { fields, remedy } = Problem.parse(await refused.json())
  expect(fields).toEqual([{ field: 'query.sort', message: 'sorts 10,000 leases at most; more are found' }])
  expect(remedy).toContain('sort by stateSince')
  for (const sort of ['stateSince', '-lease']) {
    const { items, total } = LeasePage.parse(await (await api.get(`/api/v1/leases?sort=${sort}`, token)).json())
    expect([items.length, total]).toEqual([50, { count: '10000', exact: false }])
  }
})

it('sorts them where a search leaves one out', async () => {
  const answer = await api.get('/api/v1/leases?sort=stateExpiresAt&subnet=offices&limit=500', token)
  const { items, total } = LeasePage.parse(await answer.json())
  expect(total).toEqual({ count: '10000', exact: true })
  const ends = items.map(({ stateExpiresAt }) => Date.parse(stateExpiresAt ?? ''))
  // Each ends in a millisecond of its own, and the one of the first is left out.
  expect(ends).toEqual(Array.from({ length: 500 }, (_, number) => AT_MS + number + 1))
})
