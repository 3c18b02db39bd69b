/** From an empty database to an administrator, and out again. */
import { Problem } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

let api: ApiFixture
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(async () => api.close())

const password = 'correct horse battery'
const setUpToken = (from: ApiFixture): string =>
  String(from.log.find(({ id }) => id === 'SETUP_TOKEN')?.fields['token'])

const setUp = async (from: ApiFixture, token = setUpToken(from)) =>
  from.post('/api/v1/setup', { token, name: 'ada', password })

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''

async function kindOf(response: Response): Promise<string> {
  return Problem.parse(await response.json()).type.replace('urn:tandem:problem:', '')
}

describe('the set-up of the first administrator', () => {
  it('takes the token from the log, once, and signs in', async () => {
    expect(await (await api.get('/api/v1/setup')).json()).toEqual({ required: true, serverName: 'beta' })
    const response = await setUp(api)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ operator: { name: 'ada', role: 'administrator' }, via: 'cookie' })
    expect(await (await api.get('/api/v1/setup')).json()).toEqual({ required: false, serverName: 'beta' })
    const again = await setUp(api)
    expect([again.status, await kindOf(again)]).toEqual([409, 'set-up-already-done'])
  })

  it('refuses a wrong token, and after five of them makes the caller wait', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const response = await setUp(api, 'wrong')
      expect([response.status, await kindOf(response)]).toEqual([401, 'wrong-credentials'])
    }
    const response = await setUp(api)
    expect([response.status, await kindOf(response)]).toEqual([429, 'too-many-attempts'])
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('writes no token into the log when an operator exists', async () => {
    await setUp(api)
    api = await api.restart()
    expect(api.log.map(({ id }) => id)).not.toContain('SETUP_TOKEN')
  })

  it('lets only one of two be the first', async () => {
    const token = setUpToken(api)
    const both = await Promise.all(
      ['ada', 'bob'].map(async (name) => api.post('/api/v1/setup', { token, name, password })),
    )
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    expect(await api.database.prisma.operator.count()).toBe(1)
  })
})

describe('a session', () => {
  it('rides on a cookie that scripts cannot read and other sites cannot send', async () => {
    const setCookie = (await setUp(api)).headers.get('set-cookie')
    expect(setCookie).toMatch(/^tandem-beta-session=[\w-]{43}; /)
    expect(setCookie).toContain('HttpOnly')
    expect(setCookie).toContain('SameSite=Strict')
    expect(setCookie).toContain('Path=/')
    expect(setCookie).not.toContain('Domain')
  })

  it('is kept as a hash, survives a restart, and ends with signing out', async () => {
    const cookie = cookieOf(await setUp(api))
    const stored = JSON.stringify(await api.database.prisma.session.findMany({ select: { tokenHash: true } }))
    expect(stored).not.toContain(cookie.split('=')[1])
    api = await api.restart()
    const ask = async () => fetch(`${api.url}/api/v1/session`, { headers: { cookie } })
    expect(await (await ask()).json()).toMatchObject({ operator: { name: 'ada' }, serverName: 'beta' })
    const out = await fetch(`${api.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await ask()).status).toBe(401)
  })

  it('begins with the right name and password only', async () => {
    await setUp(api)
    const signIn = async (name: string, secret: string) => api.post('/api/v1/session', { name, password: secret })
    expect((await signIn('ada', password)).status).toBe(201)
    expect(await kindOf(await signIn('ada', 'wrong password'))).toBe('wrong-credentials')
    expect(await kindOf(await signIn('nobody', password))).toBe('wrong-credentials')
  })

  it('is worth nothing once its operator is disabled', async () => {
    const cookie = cookieOf(await setUp(api))
    await api.database.prisma.operator.update({ where: { name: 'ada' }, data: { disabled: true } })
    expect((await fetch(`${api.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401)
    expect((await api.post('/api/v1/session', { name: 'ada', password })).status).toBe(401)
  })

  it('does not let a page of another site act with the cookie', async () => {
    const cookie = cookieOf(await setUp(api))
    const headers = { cookie, origin: 'http://127.0.0.1:9' }
    const out = await fetch(`${api.url}/api/v1/session`, { method: 'DELETE', headers })
    expect([out.status, await kindOf(out)]).toEqual([403, 'foreign-origin'])
  })
})

describe('API tokens', () => {
  it('are made, used, listed without their secret, and revoked', async () => {
    const cookie = cookieOf(await setUp(api))
    const made = await api.post('/api/v1/api-tokens', { name: 'monitoring', role: 'viewer' }, { cookie })
    expect(made.status).toBe(201)
    const { id, token } = (await made.json()) as { id: string; token: string }
    expect((await api.get('/api/v1/pools', token)).status).toBe(200)
    const list = await (await fetch(`${api.url}/api/v1/api-tokens`, { headers: { cookie } })).text()
    expect(list).toContain('"monitoring"')
    expect(list).not.toContain(token)
    const revoked = await fetch(`${api.url}/api/v1/api-tokens/${id}`, { method: 'DELETE', headers: { cookie } })
    expect(revoked.status).toBe(204)
    expect((await api.get('/api/v1/pools', token)).status).toBe(401)
  })

  it('end at their time', async () => {
    const cookie = cookieOf(await setUp(api))
    const make = async (expiresAtMs: number) =>
      api.post(
        '/api/v1/api-tokens',
        { name: 'old', role: 'viewer', expiresAt: new Date(expiresAtMs).toISOString() },
        { cookie },
      )
    const past = await make(Date.now() - 1000)
    expect([past.status, await kindOf(past)]).toEqual([422, 'invalid-request'])
    const { id, token } = (await (await make(Date.now() + 60_000)).json()) as { id: string; token: string }
    expect((await api.get('/api/v1/pools', token)).status).toBe(200)
    await api.database.prisma.apiToken.update({ where: { id }, data: { expiresAt: BigInt(Date.now() - 1) } })
    expect((await api.get('/api/v1/pools', token)).status).toBe(401)
  })

  it('are limited by their scope within their role', async () => {
    const cookie = cookieOf(await setUp(api))
    const make = async (role: string, scope: readonly string[] | null) =>
      api.post('/api/v1/api-tokens', { name: 'narrow', role, scope }, { cookie })
    const tooMuch = await make('viewer', ['leases.read', 'audit.read'])
    expect(tooMuch.status).toBe(422)
    expect(Problem.parse(await tooMuch.json()).fields).toEqual([
      { field: 'body.scope.1', message: 'is more than the role viewer may do' },
    ])
    expect((await make('administrator', ['operators.manage'])).status).toBe(422)
    const { scope, token } = (await (await make('operator', ['leases.read'])).json()) as {
      scope: unknown
      token: string
    }
    expect(scope).toEqual(['leases.read'])
    expect((await api.get('/api/v1/leases', token)).status).toBe(200)
    expect((await api.get('/api/v1/session', token)).status).toBe(200)
    const pools = await api.get('/api/v1/pools', token)
    expect([pools.status, await kindOf(pools)]).toEqual([403, 'scope-too-small'])
  })

  it('and operators leave a line in the audit', async () => {
    const cookie = cookieOf(await setUp(api))
    await api.post('/api/v1/operators', { name: 'bob', password, role: 'viewer' }, { cookie })
    const taken = await api.post('/api/v1/operators', { name: 'bob', password, role: 'viewer' }, { cookie })
    expect([taken.status, await kindOf(taken)]).toEqual([409, 'exists-already'])
    const audit = await fetch(`${api.url}/api/v1/audit?limit=1`, { headers: { cookie } })
    const page = (await audit.json()) as { items: unknown[]; nextCursor: string }
    expect(page.items).toMatchObject([{ operator: 'ada', action: 'create-operator', target: 'bob', outcome: 'done' }])
    const next = await fetch(`${api.url}/api/v1/audit?cursor=${page.nextCursor}`, { headers: { cookie } })
    expect(await next.json()).toMatchObject({ items: [{ action: 'sign-in' }, { action: 'set-up' }], nextCursor: null })
  })
})
