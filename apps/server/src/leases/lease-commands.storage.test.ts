/** Commands about one lease over the API: handed to the engine once, refused in words. */
import { Problem } from '@tandem/api-contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll } from '../storage/test-support/fixtures.ts'

let api: ApiFixture
let authorization: string
beforeEach(async () => {
  api = await startTestApi()
  authorization = `Bearer ${await api.token('operator')}`
  const store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  await store.commit(commitOf(1, [{ kind: 'binding-put', binding: { ...fullBinding(1), status: 'ABANDONED' } }]))
  await store.settle?.()
  await store.close()
})
afterEach(async () => api.close())

const reset = async (address: string, body: object, key = 'd9d1f0a4-reset-1') =>
  api.post(`/api/v1/leases/${address}/reset`, body, { authorization, 'idempotency-key': key })

describe('resetting a lease', () => {
  it('hands the command to the engine once and answers the lease', async () => {
    const first = await reset('2001:db8::1', { reason: 'the printer was moved' })
    expect(first.status).toBe(200)
    expect(await first.json()).toMatchObject({ lease: '2001:db8::1' })
    expect((await reset('2001:db8::1', { reason: 'the printer was moved' })).status).toBe(200)
    expect(api.engine.commands).toHaveLength(1)
    expect(api.engine.commands[0]?.command).toMatchObject({
      kind: 'reset-lease',
      leaseKind: 'address',
      prefix: { address: 0x20010db8000000000000000000000001n, length: 128 },
      reason: 'the printer was moved',
    })
  })

  it('says why the engine refused', async () => {
    api.engine.answer = {
      ok: false,
      refusal: 'lease-not-quarantined',
      detail: 'It is ACTIVE.',
      currentState: undefined,
    }
    const response = await reset('2001:db8::1', { reason: 'moved' })
    expect(response.status).toBe(409)
    expect(Problem.parse(await response.json())).toMatchObject({
      refusal: 'lease-not-quarantined',
      detail: 'It is ACTIVE.',
    })
  })

  it('needs a reason, a record and the role of an operator', async () => {
    expect(Problem.parse(await (await reset('2001:db8::1', {})).json()).fields?.map(({ field }) => field)).toEqual([
      'body.reason',
    ])
    expect((await reset('2001:db8::77', { reason: 'moved' }, 'another-key')).status).toBe(404)
    authorization = `Bearer ${await api.token('viewer')}`
    expect((await reset('2001:db8::1', { reason: 'moved' }, 'a-third-key')).status).toBe(403)
    expect(api.engine.commands).toHaveLength(0)
  })
})

describe('releasing a lease', () => {
  it('hands the command to the engine once and answers the lease', async () => {
    const release = async () =>
      api.post(
        '/api/v1/leases/2001:db8::1/release',
        { reason: 'the laptop was stolen' },
        { authorization, 'idempotency-key': 'd9d1f0a4-release-1' },
      )
    const first = await release()
    expect([first.status, await first.json()]).toMatchObject([200, { lease: '2001:db8::1' }])
    expect((await release()).status).toBe(200)
    expect(api.engine.commands.map(({ command }) => command)).toMatchObject([
      { kind: 'release-lease', leaseKind: 'address', reason: 'the laptop was stolen' },
    ])
  })
})
