/** Who asks too often is told so and when to come back, and nobody else is held back for it. */
import { PROBLEM_CONTENT_TYPE, Problem } from '@tandem/api-contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startApi } from './start-api.ts'
import type { RunningApi } from './start-api.ts'
import { startTestApi } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'

let fixture: ApiFixture
let api: RunningApi
/** Stands still unless a test moves it, so that no bucket fills up again while the test fills it. */
let nowMs = 1_000_000
beforeEach(async () => {
  fixture = await startTestApi()
  api = await startApi({ ...fixture.options, clock: () => nowMs })
})
afterEach(async () => {
  await api.close()
  await fixture.close()
})

const get = async (path: string, token?: string) =>
  fetch(`${api.url}/api/v1${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })

/** One after the other. */
async function statuses(count: number, ask: () => Promise<Response>): Promise<Map<number, number>> {
  const counted = new Map<number, number>()
  for (let number = 0; number < count; number += 1) {
    const response = await ask()
    await response.arrayBuffer()
    counted.set(response.status, (counted.get(response.status) ?? 0) + 1)
  }
  return counted
}

it('a token may ask 500 times in ten seconds; then it is told to wait, and no other is', async () => {
  const [busy, calm] = [await fixture.token('viewer'), await fixture.token('viewer')]
  expect(await statuses(501, async () => get('/session', busy))).toEqual(
    new Map([
      [200, 500],
      [429, 1],
    ]),
  )
  const refused = await get('/session', busy)
  expect(refused.headers.get('content-type')).toBe(PROBLEM_CONTENT_TYPE)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=\d+;t=\d+, "principal";r=0;t=10$/)
  expect(Problem.parse(await refused.json())).toMatchObject({
    type: 'urn:tandem:problem:too-many-requests',
    status: 429,
    retryAfterSeconds: 1,
  })
  expect((await get('/session', calm)).status).toBe(200)
  nowMs += 1_000
  expect(await statuses(60, async () => get('/session', busy))).toEqual(
    new Map([
      [200, 50],
      [429, 10],
    ]),
  )
})

it('strangers are held back sooner, and hold back nobody who is signed in', async () => {
  const token = await fixture.token('viewer')
  expect(await statuses(150, async () => get('/server', 'tandem_made-up'))).toEqual(new Map([[401, 150]]))
  expect(await statuses(60, async () => get('/health'))).toEqual(
    new Map([
      [200, 50],
      [429, 10],
    ]),
  )
  const answer = await get('/session', token)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('ratelimit-policy')).toBe('"address";q=2000;w=10, "principal";q=500;w=10')
})

it('the live stream is opened no more often than that', async () => {
  const token = await fixture.token('viewer')
  await statuses(500, async () => get('/session', token))
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/live`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const status = await new Promise((resolve) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
  })
  expect(status).toBe(429)
  socket.on('error', () => undefined)
  socket.terminate()
})

it('the files of the console are not counted', async () => {
  expect(await statuses(300, async () => fetch(`${api.url}/`))).toEqual(new Map([[503, 300]]))
  expect((await get('/health')).status).toBe(200)
})
