/** GET /metrics through the whole API: who may read it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestApi, type ApiFixture } from './test-support/api-fixture.ts'

let api: ApiFixture

beforeEach(async () => {
  api = await startTestApi()
})

afterEach(() => api.close())

test('whoever has a token that may read the status gets them, and nobody else', async () => {
  const stranger = await api.get('/metrics')
  expect(stranger.status).toBe(401)
  expect(await stranger.json()).toMatchObject({ fields: [{ field: 'header.Authorization' }] })
  const answer = await api.get('/metrics', await api.token('viewer'))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const text = await answer.text()
  expect(text).toContain('tandem_datagrams_received_total{type="SOLICIT"} 5\n')
  expect(text).toContain('kea_dhcp6_packets_received_total{operation="solicit"} 5\n')
})

test('they can only be read', async () => {
  const answer = await api.post('/metrics', {}, { authorization: `Bearer ${await api.token('viewer')}` })
  expect(answer.status).toBe(404)
})
