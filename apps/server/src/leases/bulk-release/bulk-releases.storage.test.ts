/** Bulk release over the API: counted, started with what was counted, followed, cancelled, refused, and kept over a restart. */
import { BulkRelease, BulkReleaseList, BulkReleasePreview, Problem } from '@tandem/api-contract'
import type { Binding, CommandResult } from '@tandem/engine'
import { instant } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll } from '../../storage/test-support/fixtures.ts'

let api: ApiFixture
let authorization: string
beforeEach(async () => {
  api = await startTestApi()
  authorization = `Bearer ${await api.token('operator')}`
})
afterEach(async () => api.close())

const AN_HOUR_MS = 3_600_000

/** By a clock that is ahead, so that it is so however long a slow machine takes. */
const justHeard = () => instant(Date.now() + 60_000)

const binding = (number: number, changes: Partial<Binding> = {}): Binding => ({
  ...fullBinding(number),
  relationship: 'main',
  clientHeardAt: instant(Date.now() - AN_HOUR_MS),
  partnerHeardClientAt: undefined,
  ...changes,
})

async function commit(number: number, ...bindings: readonly Binding[]): Promise<void> {
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  await store.commit(
    commitOf(
      number,
      bindings.map((each) => ({ kind: 'binding-put', binding: each })),
    ),
  )
  await store.settle?.()
  await store.close()
}

const active = (count: number): readonly Binding[] => Array.from({ length: count }, (_, index) => binding(index + 1))

const ALL = 'address=2001:db8::/32'
const filter = { address: '2001:db8::/32' }

async function preview(search = ALL): Promise<BulkReleasePreview> {
  return BulkReleasePreview.parse(await (await get(`/preview?${search}`)).json())
}

const get = async (path = '') => fetch(`${api.url}/api/v1/bulk-releases${path}`, { headers: { authorization } })

const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  api.post(`/api/v1/bulk-releases${path}`, body, { authorization, ...headers })

const wish = (expected: number | string, asOf: string) => ({
  filter,
  expected: String(expected),
  asOf,
  reason: 'the switch is gone',
})

async function started(expected: number, asOf: string): Promise<BulkRelease> {
  const response = await post('', wish(expected, asOf))
  expect(response.status).toBe(201)
  return BulkRelease.parse(await response.json())
}

const find = async (id: string) => BulkRelease.parse(await (await get(`/${id}`)).json())

async function ended(id: string): Promise<BulkRelease> {
  await expect.poll(async () => (await find(id)).state, { timeout: 20_000 }).not.toBe('running')
  return find(id)
}

const commandsAre = async (count: number): Promise<void> =>
  expect.poll(() => api.engine.commands.length, { timeout: 20_000 }).toBe(count)

async function auditLines() {
  const rows = await api.database.prisma.auditEntry.findMany({
    where: { action: { in: ['start-bulk-release', 'end-bulk-release'] } },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ operator, action, target, reason, detail }) => ({ operator, action, target, reason, detail }))
}

/** The engine answers when the test says so. */
function heldEngine() {
  const waiting: (() => void)[] = []
  api.engine.command = async (commandId, operator, command) => {
    api.engine.commands.push({ commandId, operator, command })
    await new Promise<void>((go) => waiting.push(go))
    return { ok: true, detail: 'released' }
  }
  return { go: () => waiting.splice(0).forEach((each) => each()) }
}

describe('the preview', () => {
  it('counts what is found, what would be released, and why the rest not', async () => {
    await commit(
      1,
      ...active(4),
      binding(5, { status: 'EXPIRED' }),
      binding(6, { clientHeardAt: justHeard() }),
      binding(7, { relationship: 'gone' }),
    )
    expect(await preview()).toMatchObject({
      found: { count: '7', exact: true },
      active: { count: '6', exact: true },
      releasable: '4',
      refused: [
        { refusal: 'client-just-heard', count: '1' },
        { refusal: 'unknown-relationship', count: '1' },
      ],
    })
    expect(await preview('address=2001:db8::1')).toMatchObject({ active: { count: '1' }, releasable: '1' })
    api.engine.show({ state: 'RECOVER' })
    expect(await preview('address=2001:db8::1')).toMatchObject({
      releasable: '0',
      refused: [{ refusal: 'state-does-not-allow', count: '1' }],
    })
  })

  it('wants to know which leases are meant, in words that it understands', async () => {
    const fields = async (search: string) => {
      const response = await get(`/preview${search}`)
      expect(response.status).toBe(422)
      return Problem.parse(await response.json()).fields?.map(({ field }) => field)
    }
    expect(await fields('')).toEqual(['query'])
    expect(await fields('?state=active')).toEqual(['query'])
    expect(await fields('?subnet=offices&state=expired')).toEqual(['query.state'])
    expect(await fields('?address=here')).toEqual(['query.address'])
  })
})

describe('a bulk release', () => {
  it('releases what was counted, once, and leaves its lines in the audit', async () => {
    await commit(1, ...active(10), binding(11, { clientHeardAt: justHeard() }))
    const { asOf, releasable } = await preview()
    const key = { 'idempotency-key': 'd9d1f0a4-bulk-1' }
    const first = BulkRelease.parse(await (await post('', wish(releasable, asOf), key)).json())
    expect(first).toMatchObject({ state: 'running', leases: '11', filter, endedAt: null })
    expect(await ended(first.id)).toMatchObject({
      state: 'done',
      released: '10',
      refused: [{ refusal: 'client-just-heard', count: '1' }],
      left: '0',
      endedBy: null,
      problem: null,
    })
    const again = BulkRelease.parse(await (await post('', wish(releasable, asOf), key)).json())
    expect(again.id).toBe(first.id)
    expect(api.engine.commands).toHaveLength(10)
    expect(new Set(api.engine.commands.map(({ commandId }) => commandId)).size).toBe(10)
    expect(api.engine.commands[0]).toMatchObject({
      operator: first.startedBy,
      command: { kind: 'release-lease', leaseKind: 'address', reason: 'the switch is gone' },
    })
    const line = { operator: first.startedBy, target: 'address=2001:db8::/32', reason: 'the switch is gone' }
    expect(await auditLines()).toEqual([
      { ...line, action: 'start-bulk-release', detail: '11 are active, of which 10 are to be released' },
      {
        ...line,
        action: 'end-bulk-release',
        detail: 'done: 10 released, 1 left alone (1 client-just-heard)',
      },
    ])
    expect(BulkReleaseList.parse(await (await get()).json()).items.map(({ id }) => id)).toEqual([first.id])
  })

  it('leaves alone what came or was renewed since it was counted', async () => {
    await commit(1, ...active(3))
    const { asOf } = await preview()
    await commit(2, binding(2, { clientHeardAt: instant(Date.now() - 60_000) }), binding(4))
    const { id } = await started(3, asOf)
    expect(await ended(id)).toMatchObject({
      leases: '4',
      released: '2',
      refused: [{ refusal: 'changed-since-preview', count: '2' }],
    })
  })

  it('leaves alone what is renewed while it runs', async () => {
    await commit(1, ...active(12))
    const { asOf } = await preview()
    const engine = heldEngine()
    const { id } = await started(12, asOf)
    await commandsAre(8)
    await commit(2, binding(9))
    engine.go()
    await commandsAre(11)
    engine.go()
    expect(await ended(id)).toMatchObject({
      state: 'done',
      released: '11',
      refused: [{ refusal: 'changed-since-preview', count: '1' }],
    })
  })

  it('says how many the engine refused, and why', async () => {
    await commit(1, ...active(3))
    const refusal: CommandResult = { ok: false, refusal: 'client-just-heard', detail: '', currentState: undefined }
    api.engine.answer = refusal
    const { id } = await started(3, (await preview()).asOf)
    expect(await ended(id)).toMatchObject({
      state: 'done',
      released: '0',
      refused: [{ refusal: 'client-just-heard', count: '3' }],
    })
  })

  it('is cancelled by somebody else after those in hand, once', async () => {
    await commit(1, ...active(20))
    const engine = heldEngine()
    const { id } = await started(20, (await preview()).asOf)
    await commandsAre(8)
    expect(await find(id)).toMatchObject({ state: 'running', released: '0', left: '20' })
    authorization = `Bearer ${await api.token('administrator')}`
    // The engine has eight in hand, for longer than whoever cancels waits.
    const answer = BulkRelease.parse(await (await post(`/${id}/cancel`, {})).json())
    expect(answer).toMatchObject({ state: 'running', released: '0' })
    engine.go()
    const cancelled = await ended(id)
    expect(cancelled).toMatchObject({ state: 'cancelled', released: '8', left: '12' })
    expect(cancelled.endedBy).toMatch(/administrator/)
    expect((await auditLines()).at(-1)).toMatchObject({
      operator: cancelled.endedBy,
      detail: 'cancelled: 8 released, 0 left alone, 12 not tried',
    })
    const late = await post(`/${id}/cancel`, {})
    expect([late.status, Problem.parse(await late.json()).refusal]).toEqual([409, 'bulk-release-ended'])
  })

  it('is the only one of its server', async () => {
    await commit(1, ...active(2))
    const engine = heldEngine()
    const { asOf } = await preview()
    const { id } = await started(2, asOf)
    const second = await post('', wish(2, asOf))
    expect([second.status, Problem.parse(await second.json()).refusal]).toEqual([409, 'bulk-release-running'])
    await commandsAre(2)
    engine.go()
    expect((await ended(id)).state).toBe('done')
    const next = await started(2, asOf)
    await commandsAre(4)
    engine.go()
    expect((await ended(next.id)).state).toBe('done')
  })
})

describe('a bulk release is refused', () => {
  const problemOf = async (body: object) => {
    const response = await post('', body)
    const { status, refusal, fields, remedy } = Problem.parse(await response.json())
    expect(remedy.length).toBeGreaterThan(20)
    return [status, refusal, fields?.map(({ field }) => field)]
  }

  it('when more would be released than was confirmed', async () => {
    await commit(1, ...active(3))
    expect(await problemOf(wish(2, (await preview()).asOf))).toEqual([409, 'more-than-expected', ['body.expected']])
  })

  it('for more than the maximum, for nothing in particular, and for a preview of another time', async () => {
    await commit(1, ...active(3))
    const { asOf } = await preview()
    expect(await problemOf(wish(10_001, asOf))).toEqual([422, undefined, ['body.expected']])
    expect(await problemOf({ ...wish(3, asOf), filter: {} })).toEqual([422, undefined, ['body.filter']])
    expect(await problemOf({ ...wish(3, asOf), filter: { address: 'x' } })).toEqual([
      422,
      undefined,
      ['body.filter.address'],
    ])
    expect(await problemOf(wish(3, '99999-1'))).toEqual([422, undefined, ['body.asOf']])
    expect(await problemOf(wish(3, `1-${Date.now() + 60_000}`))).toEqual([422, undefined, ['body.asOf']])
    expect(api.engine.commands).toEqual([])
    expect(await auditLines()).toEqual([])
  })

  it('to a viewer, who may count and look on', async () => {
    await commit(1, ...active(1))
    authorization = `Bearer ${await api.token('viewer')}`
    const { asOf } = await preview()
    expect((await post('', wish(1, asOf))).status).toBe(403)
    expect((await post('/any/cancel', {})).status).toBe(403)
    expect((await get()).status).toBe(200)
  })
})

describe('a server that is started again', () => {
  it('shows what was under way as interrupted, with what the audit knows to be released', async () => {
    const id = 'a'.repeat(32)
    const startedAt = BigInt(Date.now() - 5_000)
    await api.database.prisma.bulkRelease.create({
      data: {
        id,
        state: 'running',
        filter: JSON.stringify(filter),
        reason: 'the switch is gone',
        startedBy: 'ada',
        startedAt,
        leases: 10,
        released: 1,
        refused: '{"client-just-heard":2}',
      },
    })
    for (const [number, outcome] of ['done', 'done', 'done', 'refused'].entries()) {
      await api.database.prisma.auditEntry.create({
        data: {
          at: startedAt + 1n,
          operator: 'ada',
          action: 'release-lease',
          target: `2001:db8::${number}`,
          reason: 'the switch is gone',
          commandId: `${id}-${number}`,
          outcome,
          detail: '',
        },
      })
    }
    api = await api.restart()
    authorization = `Bearer ${await api.token('viewer')}`
    expect(await find(id)).toMatchObject({ state: 'interrupted', released: '3', left: '5', endedBy: null })
    expect(await auditLines()).toEqual([
      {
        operator: 'ada',
        action: 'end-bulk-release',
        target: 'address=2001:db8::/32',
        reason: 'the switch is gone',
        detail: 'interrupted: 3 released, 2 left alone (2 client-just-heard), 5 not tried',
      },
    ])
  })

  it('has stopped what ran when it was stopped in good order', async () => {
    await commit(1, ...active(20))
    const engine = heldEngine()
    const { id } = await started(20, (await preview()).asOf)
    await commandsAre(8)
    const restarting = api.restart()
    setTimeout(engine.go, 100)
    api = await restarting
    authorization = `Bearer ${await api.token('viewer')}`
    expect(await find(id)).toMatchObject({ state: 'interrupted', released: '8', left: '12' })
  })
})
