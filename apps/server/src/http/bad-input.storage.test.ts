/** From the contract itself: what each route answers to a request that is wrong in one place, and to one that was decided on a stale version. */
import { API_PREFIX, PROBLEM_CONTENT_TYPE, Problem, roleNeededFor, routeExamples, routes } from '@tandem/api-contract'
import type { RouteDefinition, RouteName } from '@tandem/api-contract'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll } from '../storage/test-support/fixtures.ts'
import { startTestApi } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'
import { badRequestsOf } from './test-support/bad-requests.ts'
import type { BadRequest } from './test-support/bad-requests.ts'

let api: ApiFixture
const tokens = new Map<string, string>()
beforeAll(async () => {
  api = await startTestApi()
  for (const role of ['viewer', 'operator', 'administrator']) tokens.set(role, await api.token(role))
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  await store.commit(commitOf(1, [{ kind: 'binding-put', binding: { ...fullBinding(1), status: 'ABANDONED' } }]))
  await store.close()
  const somebody = { name: 'somebody', passwordHash: 'none', role: 'viewer', createdAt: 1n }
  await api.database.prisma.operator.create({ data: { id: rightParams['id'] ?? '', ...somebody } })
})
afterAll(async () => api.close())

const rightParams: Readonly<Record<string, string>> = {
  name: 'main',
  address: '2001:db8::1',
  id: 'an-id',
  pool: '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff',
}
function bodyOf(example: object): Readonly<Record<string, unknown>> | undefined {
  return 'body' in example ? (example.body as Readonly<Record<string, unknown>>) : undefined
}

const all = Object.entries<RouteDefinition>(routes).map(([name, route]) => {
  // The keys of `routes` are the names of the routes.
  const body = bodyOf(routeExamples[name as RouteName])
  return { name, route, body, bad: badRequestsOf(route, { params: rightParams, body }) }
})

async function send(
  { method, path, permission }: RouteDefinition,
  { params = rightParams, query, headers = {}, body }: Partial<BadRequest>,
): Promise<Response> {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const token = permission === 'open' ? undefined : tokens.get(roleNeededFor(permission))
  const all: Readonly<Record<string, string | undefined>> = {
    'content-type': body === undefined ? undefined : 'application/json',
    'idempotency-key': method === 'POST' ? randomUUID() : undefined,
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    ...headers,
  }
  return fetch(`${api.url}${API_PREFIX}${filled}${query === undefined ? '' : `?${query}`}`, {
    method,
    headers: Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ...(body === undefined ? {} : { body }),
  })
}

describe.each(all)('$name', ({ route, body, bad }) => {
  it.each(bad)('says so when $what', async (request) => {
    const right = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await send(route, { ...right, ...request })
    expect([response.status, response.headers.get('content-type')]).toEqual([request.status, PROBLEM_CONTENT_TYPE])
    const problem = Problem.parse(await response.json())
    expect(problem.status).toBe(request.status)
    expect(problem.fields?.map(({ field }) => field)).toContain(request.field)
    expect(problem.remedy.length).toBeGreaterThan(10)
    expect(problem.instance).not.toContain('?')
  })
})

describe('none of that', () => {
  it('reached the engine or left a line in the audit', async () => {
    expect(api.engine.commands).toEqual([])
    expect(await api.database.prisma.auditEntry.count({ where: { NOT: { action: 'create-api-token' } } })).toBe(0)
    expect(await api.database.prisma.idempotencyRecord.count()).toBe(0)
  })
})

describe('a version', () => {
  const { listLeases, getLease, resetLease } = routes
  const reset = { body: JSON.stringify({ reason: 'the printer was moved' }) }

  it('is the ETag, stands in every view of the thing, and is the same until the thing changes', async () => {
    const response = await send(getLease, {})
    const etag = response.headers.get('etag')
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{22}"$/)
    const lease = getLease.answer.parse(await response.json())
    expect(`"${lease.version}"`).toBe(etag)
    const page = listLeases.answer.parse(await (await send(listLeases, {})).json())
    expect(page.items.map(({ version }) => version)).toContain(lease.version)
    const again = await send(getLease, { headers: { 'if-none-match': etag ?? '', 'cache-control': 'max-age=0' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('admits the change of what was seen, also as one of several, and any with a star', async () => {
    const etag = (await send(getLease, {})).headers.get('etag') ?? ''
    for (const match of [etag, `"older", ${etag}`, '*']) {
      const response = await send(resetLease, { ...reset, headers: { 'if-match': match } })
      expect(response.status).toBe(200)
      expect(response.headers.get('etag')).toBe(etag)
    }
    expect(api.engine.commands).toHaveLength(3)
  })

  it('is another one after a change, and the change is refused that was decided on the older', async () => {
    const stale = (await send(getLease, {})).headers.get('etag') ?? ''
    const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
    await store.commit(commitOf(2, [{ kind: 'binding-put', binding: { ...fullBinding(1), status: 'RESET' } }]))
    await store.close()
    expect((await send(getLease, {})).headers.get('etag')).not.toBe(stale)
    const refused = await send(resetLease, { ...reset, headers: { 'if-match': stale } })
    expect(Problem.parse(await refused.json())).toMatchObject({
      status: 412,
      type: 'urn:tandem:problem:version-changed',
      fields: [{ field: 'header.If-Match' }],
    })
  })
})
