/** One-use codes for the partner's console: who gets one, who may use it, how often and how long. */
import { Problem } from '@tandem/api-contract'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../http/principal.ts'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { hashOfSecret } from '../storage/api-tokens.queries.ts'
import { deleteSessions, findSession } from '../storage/sessions.queries.ts'
import { Access } from './access.ts'
import { SignInCodes } from './sign-in-codes.ts'

let api: ApiFixture
let codes: SignInCodes
let principal: Principal
let nowMs = 0

beforeEach(async () => {
  api = await startTestApi()
  const { database } = api
  const access = new Access({ database, serverName: 'beta', clock: Date.now, secureCookie: false })
  codes = new SignInCodes(database, access)
  nowMs = 1_000
  codes.now = () => nowMs
  const token = String(api.log.find(({ id }) => id === 'SETUP_TOKEN')?.fields['token'])
  await api.post('/api/v1/setup', { token, name: 'ada', password: 'correct horse battery' })
  const [ada] = await database.prisma.operator.findMany()
  const wish = { id: ada?.id ?? '', name: 'ada', role: 'administrator', passwordIsTemporary: false } as const
  principal = (await access.openSession(wish, { userAgent: '', address: '::1' })).principal
})
afterEach(async () => api.close())

const issue = async (relationship = 'main') =>
  codes.issue({ principal, operatorId: principal.operatorId ?? '', relationship, partnerName: 'alpha' })
const use = async (code: string, relationship = 'main') => codes.use(relationship, hashOfSecret(code))

describe('a code', () => {
  it('is good once, and both its making and its use stand in the audit, without the code', async () => {
    const code = await issue()
    expect(await use(code)).toEqual({ operatorId: principal.operatorId })
    expect(await use(code)).toBeUndefined()
    const lines = await api.database.prisma.auditEntry.findMany({ orderBy: { id: 'asc' } })
    expect(lines.slice(-2).map(({ operator, action, target }) => [operator, action, target])).toEqual([
      ['ada', 'make-sign-in-code', 'alpha'],
      ['ada', 'use-sign-in-code', 'alpha'],
    ])
    expect(JSON.stringify(lines.map(({ detail }) => detail)) + JSON.stringify(api.log)).not.toContain(code)
  })

  it('is good for one of two who use it at the same time', async () => {
    const code = await issue()
    const both = await Promise.all([use(code), use(code)])
    expect(both.filter((used) => used !== undefined)).toHaveLength(1)
  })

  it('is good for 30 seconds', async () => {
    const [first, second] = [await issue(), await issue('other')]
    nowMs += 29_999
    expect(await use(first)).toBeDefined()
    nowMs += 1
    expect(await use(second, 'other')).toBeUndefined()
  })

  it('is good for the partner of its relationship only, and stays so when another one tries', async () => {
    const code = await issue()
    expect(await use(code, 'other')).toBeUndefined()
    expect(await use(code)).toBeDefined()
  })

  it('is worth nothing once another was made, or the session that made it has ended', async () => {
    const first = await issue()
    const second = await issue()
    expect(await use(first)).toBeUndefined()
    const session = await findSession(api.database, principal.id)
    if (session === null) throw new Error('there is no session')
    await deleteSessions(api.database, [session], 'end-session', { operator: 'ada', detail: '', nowMs: 1 })
    expect(await use(second)).toBeUndefined()
  })
})

async function kindOf(response: Response): Promise<string> {
  return Problem.parse(await response.json()).type.replace('urn:tandem:problem:', '')
}

describe('over the API', () => {
  const signedIn = async () => {
    const answer = await api.post('/api/v1/session', { name: 'ada', password: 'correct horse battery' })
    return answer.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ')
  }

  it('no code is made for a token, for a relationship that is not there, or where accounts are not shared', async () => {
    const authorization = `Bearer ${await api.token('administrator')}`
    const ofToken = await api.post('/api/v1/sign-in-codes', { relationship: 'main' }, { authorization })
    expect([ofToken.status, await kindOf(ofToken)]).toEqual([409, 'refused'])
    const cookie = await signedIn()
    const unknown = await api.post('/api/v1/sign-in-codes', { relationship: 'none' }, { cookie })
    expect(unknown.status).toBe(404)
    const apart = await api.post('/api/v1/sign-in-codes', { relationship: 'main' }, { cookie })
    expect(apart.status).toBe(409)
    expect(Problem.parse(await apart.json()).detail).toContain('alpha does not share its accounts now')
    expect(await api.database.prisma.auditEntry.count({ where: { action: 'make-sign-in-code' } })).toBe(0)
  })

  it('a code that nobody made signs nobody in, and guessing is slowed', async () => {
    const guess = async () => api.post('/api/v1/session/from-partner', { relationship: 'main', code: randomUUID() })
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const refused = await guess()
      expect(refused.headers.getSetCookie()).toEqual([])
      expect([refused.status, await kindOf(refused)]).toEqual([401, 'code-not-good'])
    }
    expect((await guess()).status).toBe(429)
  })

  it('a page of another site cannot use one', async () => {
    const body = { relationship: 'main', code: 'x' }
    const foreign = await api.post('/api/v1/session/from-partner', body, { origin: 'https://evil.example' })
    expect([foreign.status, await kindOf(foreign)]).toEqual([403, 'foreign-origin'])
  })
})
