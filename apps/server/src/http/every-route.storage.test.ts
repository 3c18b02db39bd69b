/** From the contract itself: what each route answers to a stranger, to too small a role, and to the right one. */
import {
  API_PREFIX,
  PROBLEM_CONTENT_TYPE,
  Problem,
  roleNeededFor,
  roles,
  routes,
  scopePermissions,
} from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'

let api: ApiFixture
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(async () => api.close())

const all = Object.entries<RouteDefinition>(routes)
const guarded = all.flatMap(([name, route]) =>
  route.permission === 'open' ? [] : [{ name, route, least: roleNeededFor(route.permission) }],
)
const tooSmall = guarded.flatMap(({ name, route, least }) => {
  const role = roles[roles.indexOf(least) - 1]
  return role === undefined ? [] : [{ name, route, role }]
})

/** Everything but what it needs; who one is every token may ask. */
const scoped = guarded
  .filter(({ route }) => route.permission !== 'session.own')
  .map(({ name, route }) => ({ name, route, scope: scopePermissions.filter((each) => each !== route.permission) }))

async function call(route: RouteDefinition, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const path = route.path
    .replace(':name', 'main')
    .replace(':address', '2001:db8:1::1')
    .replace(':pool', '2001:db8:1::-2001:db8:1::ffff:ffff:ffff:ffff')
    .replace(/\/:\w+/, '/x')
    .replace('/leases/comparison', '/leases/comparison?leases=2001:db8::1')
    .replace('/bulk-releases/preview', '/bulk-releases/preview?subnet=offices')
  return fetch(api.url + API_PREFIX + path, { method: route.method, headers })
}

async function expectProblem(response: Response, status: number, kind: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe(PROBLEM_CONTENT_TYPE)
  const problem = Problem.parse(await response.json())
  expect(problem).toMatchObject({ status, type: `urn:tandem:problem:${kind}` })
  expect(problem.remedy.length).toBeGreaterThan(10)
  // A part of the request is at fault in each, but for a path where nothing is, and name and password are not told apart.
  if (![404, 405].includes(status) && kind !== 'wrong-credentials') expect(problem.fields?.length).toBeGreaterThan(0)
}

describe('every route', () => {
  it.each(guarded)('$name answers 401 without a session or token', async ({ route }) => {
    await expectProblem(await call(route), 401, 'not-signed-in')
  })

  it.each(guarded)('$name answers 401 to a token that was never made', async ({ route }) => {
    await expectProblem(await call(route, { authorization: 'Bearer tandem_made-up' }), 401, 'not-signed-in')
  })

  it.each(tooSmall)('$name answers 403 to a $role', async ({ route, role }) => {
    const authorization = `Bearer ${await api.token(role)}`
    await expectProblem(await call(route, { authorization }), 403, 'role-too-small')
  })

  it.each(scoped)(
    '$name answers 403 to an administrator’s token whose scope leaves it out',
    async ({ route, scope }) => {
      const authorization = `Bearer ${await api.token('administrator', scope)}`
      await expectProblem(await call(route, { authorization }), 403, 'scope-too-small')
    },
  )

  it('is open only for health, readiness and sign-in', () => {
    const open = all.filter(([, { permission }]) => permission === 'open').map(([name]) => name)
    expect(open).toEqual(['getHealth', 'getReadiness', 'getSetup', 'setUp', 'signIn', 'signInFromPartner'])
  })
})

describe('what is read', () => {
  // Of these the test's database holds none.
  const absent = ['getLease', 'getPartnerLease', 'getBulkRelease', 'getOperator']
  const readable = guarded.filter(({ route, name }) => route.method === 'GET' && !absent.includes(name))

  it.each(readable)('$name keeps its contract for a $least', async ({ route, least }) => {
    const response = await call(route, { authorization: `Bearer ${await api.token(least)}` })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    if (route.answerText !== undefined) {
      expect(response.headers.get('content-type')).toBe(`${route.answerText}; charset=utf-8`)
      expect(await response.text()).toMatch(/^lease,kind,/u)
      return
    }
    expect(() => route.answer?.parse(JSON.parse('null'))).toThrow()
    route.answer?.parse(await response.json())
  })

  it('has counts beyond 2^53 as text', async () => {
    const response = await api.get('/api/v1/pools', await api.token('viewer'))
    expect(await response.json()).toMatchObject({ items: [{ total: '18446744073709551616' }] })
  })

  it('has the words of the situation and the link to the other console', async () => {
    const response = await api.get('/api/v1/relationships/main', await api.token('viewer'))
    expect(await response.json()).toMatchObject({
      state: 'communications-interrupted',
      headline: { level: 'degraded' },
      clientsNow: { answered: 'all' },
      partnerConsoleUrl: 'http://127.0.0.1:8067',
      partner: { state: 'normal' },
      updatesOwed: '4',
    })
  })
})

describe('what is not a route', () => {
  it.each([
    '/api',
    '/api/v1',
    '/api/v1/nothing',
    '/api/openapi.json',
    '/api/asyncapi.json',
    '/api/docs',
    '/api/docs/start.js',
  ])('%s answers 401 to a stranger', async (path) => {
    await expectProblem(await api.get(path), 401, 'not-signed-in')
  })

  it('answers 404 and 405 in words to someone who is signed in', async () => {
    const token = await api.token('viewer')
    await expectProblem(await api.get('/api/v1/nothing', token), 404, 'not-found')
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${api.url}/api/v1/session`, { method: 'PUT', headers })
    expect(response.headers.get('allow')).toBe('POST, GET, DELETE')
    await expectProblem(response, 405, 'method-not-allowed')
  })

  it('serves the OpenAPI document and its page, without any inline script', async () => {
    const token = await api.token('viewer')
    expect(await (await api.get('/api/openapi.json', token)).json()).toMatchObject({ openapi: '3.1.0' })
    expect(await (await api.get('/api/asyncapi.json', token)).json()).toMatchObject({ asyncapi: '3.0.0' })
    const page = await (await api.get('/api/docs', token)).text()
    expect(page).not.toMatch(/<script>|<style|style=|onload=/)
    // The icon is the console's, which a test of the API alone need not have built.
    const parts = [...page.matchAll(/(?:src|href)="(\/api\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(parts.length).toBeGreaterThan(2)
    for (const path of parts) expect((await api.get(path, token)).status).toBe(200)
  })
})

describe('what is wrong with a request', () => {
  it('names the field and the remedy', async () => {
    const response = await api.get('/api/v1/leases?limit=0&state=gone', await api.token('viewer'))
    expect(response.status).toBe(422)
    const problem = Problem.parse(await response.json())
    expect(problem.fields?.map(({ field }) => field)).toEqual(['query.limit', 'query.state'])
    const odd = await api.get('/api/v1/leases/%E0%A4%A', await api.token('viewer'))
    expect(Problem.parse(await odd.json())).toMatchObject({ status: 422, fields: [{ field: 'path' }] })
  })

  it('refuses what a browser sends from a page of another site', async () => {
    const post = async (headers: Readonly<Record<string, string>>) =>
      api.post('/api/v1/session', { name: 'a', password: 'b' }, headers)
    await expectProblem(await post({ origin: 'https://evil.example' }), 403, 'foreign-origin')
    await expectProblem(await post({ origin: 'null' }), 403, 'foreign-origin')
    await expectProblem(await post({ origin: api.url }), 401, 'wrong-credentials')
  })
})
