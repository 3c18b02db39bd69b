/** The one dangerous command: carried out once, refused in words, repeated without harm. */
import { Problem } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'

let api: ApiFixture
let authorization: string
beforeEach(async () => {
  api = await startTestApi()
  authorization = `Bearer ${await api.token('operator')}`
})
afterEach(async () => api.close())

const body = { reason: 'power supply burnt', seenState: 'communications-interrupted' }
const key = 'd9d1f0a4-7a40-4c5e-9d33-000000000001'

const declare = async (headers: Readonly<Record<string, string>> = {}, what: object = body, name = 'main') =>
  api.post(`/api/v1/relationships/${name}/partner-down`, what, { authorization, 'idempotency-key': key, ...headers })

describe('declaring the partner down', () => {
  it('hands the command to the engine and answers the relationship as it is then', async () => {
    const response = await declare()
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ name: 'main', state: 'partner-down' })
    expect(api.engine.commands).toHaveLength(1)
    expect(api.engine.commands[0]).toMatchObject({
      operator: expect.stringMatching(/^token:operator-/),
      command: {
        kind: 'declare-partner-down',
        relationship: 'main',
        reason: 'power supply burnt',
        seenState: 'COMMUNICATIONS-INTERRUPTED',
        force: false,
      },
    })
  })

  it('hands on since when the partner does not run, and says in words when that cannot be', async () => {
    const downSince = '2026-11-26T03:15:00Z'
    expect((await declare({}, { ...body, downSince })).status).toBe(200)
    expect(api.engine.commands[0]?.command).toMatchObject({ downSince: Date.parse(downSince) })
    api.engine.answer = { ok: false, refusal: 'down-since-impossible', detail: 'It was heard.', currentState: 'NORMAL' }
    const refused = await declare({ 'idempotency-key': 'another-key' }, { ...body, downSince })
    expect(Problem.parse(await refused.json())).toMatchObject({
      refusal: 'down-since-impossible',
      detail: 'It was heard.',
    })
    const wrong = await declare({ 'idempotency-key': 'a-third-key' }, { ...body, downSince: 'yesterday' })
    expect(Problem.parse(await wrong.json()).fields?.map(({ field }) => field)).toEqual(['body.downSince'])
  })

  it('is carried out once for one key, even when both come at the same time, and after a restart', async () => {
    const [first, second] = await Promise.all([declare(), declare()])
    expect(api.engine.commands).toHaveLength(1)
    const text = await first?.text()
    expect(await second?.text()).toBe(text)
    const before = api
    api = await api.restart()
    expect(before.engine.commands).toHaveLength(1)
    expect(await (await declare()).text()).toBe(text)
    expect(api.engine.commands).toHaveLength(0)
  })

  it('refuses the same key with another body', async () => {
    await declare()
    const response = await declare({}, { ...body, reason: 'another reason' })
    expect(response.status).toBe(422)
    expect(Problem.parse(await response.json())).toMatchObject({
      type: 'urn:tandem:problem:idempotency-key-reused',
      fields: [{ field: 'header.Idempotency-Key' }],
    })
  })

  it('says why the engine refused and in which state it is, and says it again for the same key', async () => {
    api.engine.answer = {
      ok: false,
      refusal: 'state-changed',
      detail: 'The state is NORMAL now.',
      currentState: 'NORMAL',
    }
    const response = await declare()
    expect(response.status).toBe(409)
    const problem = Problem.parse(await response.json())
    expect(problem).toMatchObject({
      refusal: 'state-changed',
      currentState: 'normal',
      detail: 'The state is NORMAL now.',
    })
    const again = await declare()
    expect(again.status).toBe(409)
    expect(again.headers.get('content-type')).toContain('application/problem+json')
    expect(await again.json()).toEqual(problem)
    expect(api.engine.commands).toHaveLength(1)
  })

  it('may be tried again with the same key when it did not reach the engine', async () => {
    api.engine.command = async () => Promise.reject(new Error('the data plane is gone'))
    expect((await declare()).status).toBe(500)
    expect(api.log.map(({ id }) => id)).toContain('API_FAILED')
    api = await api.restart()
    expect((await declare()).status).toBe(200)
  })

  it('is not done twice after a crash between the commit and its answer', async () => {
    await declare()
    const commandId = String(api.engine.commands[0]?.commandId)
    await api.database.prisma.idempotencyRecord.deleteMany()
    const done = {
      at: 1n,
      operator: 'ada',
      action: 'declare-partner-down',
      target: 'main',
      reason: '',
      outcome: 'done',
    }
    await api.database.prisma.auditEntry.create({ data: { ...done, commandId, detail: '' } })
    api = await api.restart()
    expect((await declare()).status).toBe(200)
    expect(api.engine.commands).toHaveLength(0)
  })

  it('needs a key, a reason and the state that was seen', async () => {
    const noKey = await declare({ 'idempotency-key': '' })
    expect([noKey.status, Problem.parse(await noKey.json()).type]).toEqual([
      400,
      'urn:tandem:problem:idempotency-key-missing',
    ])
    const response = await declare({}, { reason: ' ' })
    expect(response.status).toBe(422)
    expect(Problem.parse(await response.json()).fields?.map(({ field }) => field)).toEqual([
      'body.reason',
      'body.seenState',
    ])
    expect(api.engine.commands).toHaveLength(0)
  })

  it('names the relationships that there are when it is asked for another', async () => {
    const response = await declare({}, body, 'other')
    expect(response.status).toBe(404)
    expect(Problem.parse(await response.json()).remedy).toBe('It has: main.')
  })
})

describe('the history of a relationship', () => {
  it('is paged, newest first', async () => {
    for (const at of [1n, 2n, 3n]) {
      await api.database.prisma.transition.create({
        data: {
          relationship: 'main',
          at,
          fromState: 'NORMAL',
          toState: 'COMMUNICATIONS-INTERRUPTED',
          cause: `cause ${at}`,
          rule: 'RFC 8156 8.5',
          inputs: '{"silentMs":8000}',
          commitNumber: at,
        },
      })
    }
    const read = async (query: string) =>
      (await (
        await fetch(`${api.url}/api/v1/relationships/main/transitions?${query}`, { headers: { authorization } })
      ).json()) as { items: { cause: string; inputs: object }[]; nextCursor: string | null }
    const first = await read('limit=2')
    expect(first.items.map(({ cause }) => cause)).toEqual(['cause 3', 'cause 2'])
    expect(first.items[0]?.inputs).toEqual({ silentMs: 8000 })
    const second = await read(`limit=2&cursor=${first.nextCursor}`)
    expect(second).toMatchObject({ items: [{ cause: 'cause 1' }], nextCursor: null })
  })
})
