/** What becomes of accounts: roles, passwords and sessions change, and what was open ends with them. */
import { AuditPage, OperatorList, Problem, SessionList } from '@tandem/api-contract'
import { createHash, randomUUID } from 'node:crypto'
import type { Operator, Role } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

const password = 'correct horse battery'
const other = 'another good password'

let api: ApiFixture
/** Of ada, the first administrator. */
let ada: Browser

beforeEach(async () => {
  api = await startTestApi()
  const token = String(api.log.find(({ id }) => id === 'SETUP_TOKEN')?.fields['token'])
  ada = browserWith(await api.post('/api/v1/setup', { token, name: 'ada', password }))
})
afterEach(async () => api.close())

interface Browser {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
}

function browserWith(signedIn: Response): Browser {
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';', 1)[0] ?? '')
    .join('; ')
  return {
    send: async (method, path, body, headers = {}) =>
      fetch(`${api.url}/api/v1${path}`, {
        method,
        headers: { cookie, 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

const signIn = async (name: string, secret: string) => api.post('/api/v1/session', { name, password: secret })

async function kindOf(response: Response): Promise<string> {
  return Problem.parse(await response.json()).type.replace('urn:tandem:problem:', '')
}

async function add(name: string, role: Role, more: object = {}): Promise<Operator> {
  const made = await ada.send('POST', '/operators', { name, password, role, ...more })
  expect(made.status).toBe(201)
  return (await made.json()) as Operator
}

async function idOf(name: string): Promise<string> {
  const { items } = OperatorList.parse(await (await ada.send('GET', '/operators')).json())
  return items.find((each) => each.name === name)?.id ?? ''
}

async function audit(): Promise<readonly string[]> {
  const { items } = AuditPage.parse(await (await ada.send('GET', '/audit')).json())
  return items.map((each) => [each.operator, each.action, each.target, each.outcome, each.detail].join(' | '))
}

describe('an operator', () => {
  it('gets another role, and signs in anew with it', async () => {
    const { id } = await add('bob', 'viewer')
    const bob = browserWith(await signIn('bob', password))
    expect((await bob.send('GET', '/audit')).status).toBe(403)
    const changed = await ada.send('PATCH', `/operators/${id}`, { role: 'administrator' })
    expect(await changed.json()).toMatchObject({ id, role: 'administrator' })
    expect((await bob.send('GET', '/pools')).status).toBe(401)
    expect((await browserWith(await signIn('bob', password)).send('GET', '/audit')).status).toBe(200)
    expect(await audit()).toContain('ada | change-operator | bob | done | role viewer to administrator')
  })

  it('is disabled and enabled again', async () => {
    const { id } = await add('bob', 'viewer')
    const bob = browserWith(await signIn('bob', password))
    expect(await (await ada.send('PATCH', `/operators/${id}`, { disabled: true })).json()).toMatchObject({
      disabled: true,
    })
    expect((await bob.send('GET', '/pools')).status).toBe(401)
    expect((await signIn('bob', password)).status).toBe(401)
    await ada.send('PATCH', `/operators/${id}`, { disabled: false })
    expect((await bob.send('GET', '/pools')).status).toBe(401)
    expect((await signIn('bob', password)).status).toBe(201)
  })

  it('is removed for good: the name may be used again, by somebody else', async () => {
    const { id } = await add('bob', 'operator')
    const bob = browserWith(await signIn('bob', password))
    expect((await ada.send('DELETE', `/operators/${id}`)).status).toBe(204)
    expect((await bob.send('GET', '/pools')).status).toBe(401)
    expect((await ada.send('GET', `/operators/${id}`)).status).toBe(404)
    expect((await ada.send('DELETE', `/operators/${id}`)).status).toBe(404)
    expect(await api.database.prisma.removedAccount.findMany({ select: { kind: true, id: true, name: true } })).toEqual(
      [{ kind: 'operator', id, name: 'bob' }],
    )
    expect((await add('bob', 'viewer')).id).not.toBe(id)
    expect(await audit()).toContain('ada | remove-operator | bob | done | had the role operator')
  })

  it('who is the last administrator is neither demoted, disabled nor removed', async () => {
    const id = await idOf('ada')
    await add('carl', 'operator')
    const acts = [
      ada.send('PATCH', `/operators/${id}`, { role: 'operator' }),
      ada.send('PATCH', `/operators/${id}`, { disabled: true }),
      ada.send('DELETE', `/operators/${id}`),
    ]
    for (const refused of await Promise.all(acts)) {
      expect([refused.status, await kindOf(refused)]).toEqual([409, 'last-administrator'])
    }
    expect((await ada.send('GET', '/operators')).status).toBe(200)
    const { id: second } = await add('dora', 'administrator', {})
    await ada.send('PATCH', `/operators/${second}`, { disabled: true })
    expect((await ada.send('PATCH', `/operators/${id}`, { role: 'viewer' })).status).toBe(409)
  })

  it('and another administrator cannot both be demoted at the same moment', async () => {
    const { id } = await add('bob', 'administrator')
    const bob = browserWith(await signIn('bob', password))
    const demote = { role: 'viewer' }
    const both = await Promise.all([
      ada.send('PATCH', `/operators/${id}`, demote),
      bob.send('PATCH', `/operators/${await idOf('ada')}`, demote),
    ])
    // Who comes second finds himself signed out, or the last administrator.
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await api.database.prisma.operator.count({ where: { role: 'administrator' } })).toBe(1)
  })

  it('may do nothing with a temporary password but choose another one', async () => {
    const { id } = await add('bob', 'administrator')
    const reset = await ada.send('POST', `/operators/${id}/password`, { password: other })
    expect(await reset.json()).toMatchObject({ passwordIsTemporary: true })
    const signedIn = await signIn('bob', other)
    expect(await signedIn.clone().json()).toMatchObject({ passwordIsTemporary: true })
    const bob = browserWith(signedIn)
    const refused = await bob.send('GET', '/pools')
    expect([refused.status, await kindOf(refused)]).toEqual([403, 'password-change-required'])
    const chosen = { currentPassword: other, newPassword: 'my very own password' }
    expect(await (await bob.send('POST', '/account/password', chosen)).json()).toMatchObject({
      passwordIsTemporary: false,
    })
    expect((await bob.send('GET', '/pools')).status).toBe(200)
    expect((await signIn('bob', other)).status).toBe(401)
    expect(await audit()).toContain('ada | reset-password | bob | done | to be replaced at the next sign-in')
  })

  it('is changed by whoever saw it as it is', async () => {
    const { id, version } = await add('bob', 'viewer')
    const seen = { 'if-match': `"${version}"` }
    expect((await ada.send('PATCH', `/operators/${id}`, { role: 'operator' }, seen)).status).toBe(200)
    const stale = await ada.send('PATCH', `/operators/${id}`, { disabled: true }, seen)
    expect([stale.status, await kindOf(stale)]).toEqual([412, 'version-changed'])
    expect((await ada.send('DELETE', `/operators/${id}`, undefined, seen)).status).toBe(412)
    const both = await Promise.all(
      ['viewer', 'administrator'].map(async (role) => {
        const etag = (await ada.send('GET', `/operators/${id}`)).headers.get('etag') ?? ''
        return ada.send('PATCH', `/operators/${id}`, { role }, { 'if-match': etag })
      }),
    )
    expect(both.some(({ status }) => status === 200)).toBe(true)
  })

  it('needs a change that says something', async () => {
    const { id } = await add('bob', 'viewer')
    expect((await ada.send('PATCH', `/operators/${id}`, {})).status).toBe(422)
    expect((await ada.send('PATCH', '/operators/nobody', { role: 'viewer' })).status).toBe(404)
  })
})

describe("one's own account", () => {
  it('changes its password with the present one only, and its other sessions end', async () => {
    const second = browserWith(await signIn('ada', password))
    const change = async (currentPassword: string, newPassword: string) =>
      ada.send('POST', '/account/password', { currentPassword, newPassword })
    const wrong = await change('not my password', other)
    expect(wrong.status).toBe(422)
    expect(Problem.parse(await wrong.json()).fields).toEqual([
      { field: 'body.currentPassword', message: 'is not your password' },
    ])
    expect((await change(password, password)).status).toBe(422)
    expect((await change(password, 'short')).status).toBe(422)
    expect((await change(password, other)).status).toBe(200)
    expect((await ada.send('GET', '/pools')).status).toBe(200)
    expect((await second.send('GET', '/pools')).status).toBe(401)
    expect((await signIn('ada', password)).status).toBe(401)
    expect((await signIn('ada', other)).status).toBe(201)
  })

  it('lets its session last longer, with the password', async () => {
    const soon = Date.now() + 60_000
    await api.database.prisma.session.updateMany({ data: { expiresAt: BigInt(soon) } })
    const wrong = await ada.send('POST', '/session/extension', { password: 'not my password' })
    expect(Problem.parse(await wrong.json()).fields).toEqual([
      { field: 'body.password', message: 'is not your password' },
    ])
    const extended = await ada.send('POST', '/session/extension', { password })
    const { expiresAt } = (await extended.json()) as { expiresAt: string }
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(11 * 3_600_000)
    const [cookie] = extended.headers.getSetCookie()
    expect(cookie).toMatch(/^tandem-beta-session=[\w-]{43}; Max-Age=43200;/)
    expect(await (await ada.send('GET', '/session')).json()).toMatchObject({ expiresAt })
    expect(await audit()).toContain('ada | extend-session | ada | done | ')
  })

  it('cannot be guessed from a browser that was left open', async () => {
    const guess = async () =>
      ada.send('POST', '/account/password', { currentPassword: 'a guess of many', newPassword: other })
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await guess()).status).toBe(422)
    const refused = await guess()
    expect([refused.status, await kindOf(refused)]).toEqual([429, 'too-many-attempts'])
  })

  it('lists its own sessions and ends one, or all others', async () => {
    await add('bob', 'viewer')
    await signIn('bob', password)
    const second = browserWith(await signIn('ada', password))
    const third = browserWith(await signIn('ada', password))
    const list = async () => SessionList.parse(await (await ada.send('GET', '/account/sessions')).json()).items
    const sessions = await list()
    expect(sessions.map(({ operator, current }) => [operator.name, current])).toHaveLength(3)
    expect(sessions.every(({ operator, address }) => operator.name === 'ada' && address === '127.0.0.1')).toBe(true)
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    const [one] = sessions.filter(({ current }) => !current)
    expect((await ada.send('DELETE', `/account/sessions/${one?.id}`)).status).toBe(204)
    const left = [(await second.send('GET', '/pools')).status, (await third.send('GET', '/pools')).status]
    expect(left.toSorted((a, b) => a - b)).toEqual([200, 401])
    expect((await ada.send('DELETE', '/account/sessions')).status).toBe(204)
    expect((await list()).map(({ current }) => current)).toEqual([true])
  })

  it("cannot end somebody else's session, which an administrator can", async () => {
    await add('bob', 'viewer')
    const bob = browserWith(await signIn('bob', password))
    const all = SessionList.parse(await (await ada.send('GET', '/sessions')).json()).items
    const idOfSession = (name: string) => all.find(({ operator }) => operator.name === name)?.id
    expect((await bob.send('GET', '/sessions')).status).toBe(403)
    expect((await bob.send('DELETE', `/account/sessions/${idOfSession('ada')}`)).status).toBe(404)
    expect((await ada.send('DELETE', `/sessions/${idOfSession('bob')}`)).status).toBe(204)
    expect((await bob.send('GET', '/pools')).status).toBe(401)
    expect((await ada.send('DELETE', `/sessions/${idOfSession('bob')}`)).status).toBe(404)
    expect(await audit()).toContain('ada | end-session | bob | done | opened from 127.0.0.1')
  })

  it('is nothing that an API token has', async () => {
    const token = await api.token('administrator')
    expect(await (await api.get('/api/v1/account/sessions', token)).json()).toEqual({ items: [] })
    const body = { currentPassword: password, newPassword: other }
    const refused = await api.post('/api/v1/account/password', body, { authorization: `Bearer ${token}` })
    expect([refused.status, await kindOf(refused)]).toEqual([409, 'refused'])
  })
})

describe('guessing', () => {
  it('makes strangers wait, and not a browser that has signed in before', async () => {
    const signedIn = await signIn('ada', password)
    const [mark] = signedIn.headers.getSetCookie().filter((each) => each.startsWith('tandem-beta-browser='))
    expect(mark).toContain('Path=/api/v1/session')
    expect(mark).toContain('HttpOnly')
    const known = { cookie: mark?.split(';', 1)[0] ?? '' }
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await signIn('ada', 'a guess')).status).toBe(401)
    expect((await signIn('ada', password)).status).toBe(429)
    expect((await signIn('somebody else', password)).status).toBe(429)
    const again = await api.post('/api/v1/session', { name: 'ada', password }, known)
    expect(again.status).toBe(201)
    expect((await api.post('/api/v1/session', { name: 'bob', password }, known)).status).toBe(429)
  })

  it('goes no faster when many guesses come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, async () => signIn('ada', 'a guess')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  it('leaves one line a minute in audit and log, without what strangers typed', async () => {
    await signIn('ada', 'a guess')
    await signIn('ada', 'another guess')
    await signIn('my secret password', 'oops')
    expect((await audit()).filter((line) => line.includes('refused'))).toEqual([
      '(unknown name) | sign-in | (unknown name) | refused | nobody has the name, from 127.0.0.1',
      'ada | sign-in | ada | refused | wrong password, from 127.0.0.1',
    ])
    expect(api.log.filter(({ id }) => id === 'SIGN_IN_REFUSED')).toHaveLength(2)
    expect(JSON.stringify(api.log)).not.toContain('my secret')
  })
})

describe('the audit', () => {
  it('and what is kept for repetitions hold no password that could be tried out', async () => {
    await add('bob', 'viewer')
    const stored = await api.database.prisma.idempotencyRecord.findMany({ select: { requestHash: true } })
    const quick = createHash('sha256')
      .update(JSON.stringify({ name: 'bob', password, role: 'viewer' }))
      .digest('hex')
    expect(stored).toHaveLength(1)
    expect(stored[0]?.requestHash).not.toBe(quick)
  })

  it('is only added to, whoever asks the database', async () => {
    const { prisma } = api.database
    await expect(prisma.auditEntry.updateMany({ data: { operator: 'nobody' } })).rejects.toThrow(/only added to/)
    await expect(prisma.auditEntry.deleteMany()).rejects.toThrow(/only added to/)
    expect(await prisma.auditEntry.count()).toBe(2)
  })
})
