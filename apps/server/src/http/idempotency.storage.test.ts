/** A POST that is repeated under its key is carried out once and answered alike, also where the answer is a secret. */
import { Problem } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from './test-support/api-fixture.ts'
import type { ApiFixture } from './test-support/api-fixture.ts'

let api: ApiFixture
let authorization: string
beforeEach(async () => {
  api = await startTestApi()
  authorization = `Bearer ${await api.token('administrator')}`
})
afterEach(async () => api.close())

const KEY = 'a-key-of-a-program'
const post = async (path: string, body: unknown, key = KEY) =>
  api.post(`/api/v1${path}`, body, { authorization, 'idempotency-key': key })
const setUpToken = () => String(api.log.find(({ id }) => id === 'SETUP_TOKEN')?.fields['token'])

describe('an operator who is made twice under one key', () => {
  const bob = { name: 'bob', password: 'correct horse battery', role: 'viewer' }

  it('is made once, with one line in the audit, also when both come at the same time', async () => {
    const both = await Promise.all([post('/operators', bob), post('/operators', bob)])
    const after = await post('/operators', bob)
    expect([...both, after].map(({ status }) => status)).toEqual([201, 201, 201])
    const answers = await Promise.all([...both, after].map(async (each) => each.text()))
    expect(new Set(answers).size).toBe(1)
    expect(await api.database.prisma.auditEntry.count({ where: { action: 'create-operator' } })).toBe(1)
    expect((await post('/operators', bob, 'another-key')).status).toBe(409)
  })

  it('is refused when the second one is another', async () => {
    await post('/operators', bob)
    const other = await post('/operators', { ...bob, role: 'administrator' })
    expect(Problem.parse(await other.json())).toMatchObject({
      status: 422,
      type: 'urn:tandem:problem:idempotency-key-reused',
      fields: [{ field: 'header.Idempotency-Key' }],
    })
  })
})

describe('an API token that is made twice under one key', () => {
  const wish = { name: 'ci', role: 'viewer' }

  it('is one token, and its secret stands nowhere in the database', async () => {
    const [first, second] = [await post('/api-tokens', wish), await post('/api-tokens', wish)]
    const { token } = (await first.json()) as { token: string }
    expect(await second.json()).toMatchObject({ token })
    expect((await api.get('/api/v1/server', token)).status).toBe(200)
    const stored = await api.database.prisma.idempotencyRecord.findMany()
    expect(stored).toHaveLength(1)
    expect(JSON.stringify(stored, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value))).not.toContain(token)
  })

  it('is not made again after a restart: the answer says that it is not kept', async () => {
    await post('/api-tokens', wish)
    api = await api.restart()
    const again = await post('/api-tokens', wish)
    expect(Problem.parse(await again.json())).toMatchObject({ status: 409, type: 'urn:tandem:problem:answer-not-kept' })
    expect(await api.database.prisma.apiToken.count({ where: { name: 'ci' } })).toBe(1)
  })
})

describe('a sign-in that is repeated under its key', () => {
  const body = { name: 'ada', password: 'correct horse battery' }
  const stranger = async (path: string, sent: unknown, key: string) =>
    api.post(`/api/v1${path}`, sent, { 'idempotency-key': key })

  it('is the same session, and needs the password again', async () => {
    expect((await stranger('/setup', { ...body, token: setUpToken() }, 'set-up-1')).status).toBe(201)
    const first = await stranger('/session', body, 'sign-in-1')
    const second = await stranger('/session', body, 'sign-in-1')
    expect(second.headers.get('set-cookie')).toBe(first.headers.get('set-cookie'))
    expect(await second.json()).toEqual(await first.json())
    const wrong = await stranger('/session', { ...body, password: 'a guess at the password' }, 'sign-in-1')
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([422, null])
    expect(await api.database.prisma.session.count()).toBe(2)
    expect(await api.database.prisma.idempotencyRecord.count()).toBe(0)
  })

  it('may be tried again under its key when it failed', async () => {
    await stranger('/setup', { ...body, token: setUpToken() }, 'set-up-1')
    expect((await stranger('/session', { ...body, password: 'wrong' }, 'sign-in-1')).status).toBe(401)
    expect((await stranger('/session', body, 'sign-in-1')).status).toBe(201)
  })
})
