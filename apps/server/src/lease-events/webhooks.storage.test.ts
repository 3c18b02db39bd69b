/** Webhooks over the API and a real receiver: in order, signed, again until accepted, on from where it was after a restart. */
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NewWebhook, Problem, WebhookList, WebhookMessage, WebhookTest } from '@tandem/api-contract'
import type { WebhookDelivery } from '@tandem/api-contract'
import type { Binding } from '@tandem/engine'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import type { LeaseEventRecord } from '../storage/lease-event-row.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll, put } from '../storage/test-support/fixtures.ts'
import type { WorkerStore } from '../storage/worker-store.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly message: WebhookMessage
}

let api: ApiFixture
let store: WorkerStore
let token: string
let lastCommit: number
let receiver: Server
let url: string
let received: Received[]
/** What the receiver answers next, and at last. */
let answers: number[]

beforeEach(async () => {
  api = await startTestApi()
  token = await api.token('administrator')
  store = await openWorkerStore(api.options.configuration.node.storageUrl, { ...keepAll, eventSeconds: 3600 })
  lastCommit = 0
  received = []
  answers = []
  receiver = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      received.push({ headers: request.headers, body, message: WebhookMessage.parse(JSON.parse(body)) })
      const status = answers.shift() ?? 204
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterEach(async () => {
  await store.close()
  await api.close()
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
})

const soon = { timeout: 20_000, interval: 50 } as const
const address = (number: number): Binding => ({ ...fullBinding(number), relayData: undefined })
const event = (
  binding: Binding,
  name: LeaseEventRecord['event'] = 'assigned',
  atMs = Date.now(),
): LeaseEventRecord => ({
  event: name,
  reason: name === 'ended' ? 'expired' : 'client',
  atMs,
  binding,
})

async function commit(...leaseEvents: readonly LeaseEventRecord[]): Promise<void> {
  lastCommit += 1
  const changes = put(...new Set(leaseEvents.map(({ binding }) => binding)))
  await store.commit(commitOf(lastCommit, changes, leaseEvents.length === 0 ? {} : { leaseEvents }))
  await store.settle?.()
}

const authorised = () => ({ authorization: `Bearer ${token}` })

async function create(wish: object = {}): Promise<NewWebhook> {
  const response = await api.post('/api/v1/webhooks', { name: 'routes', url, ...wish }, authorised())
  expect(response.status).toBe(201)
  return NewWebhook.parse(await response.json())
}

async function deliveries(): Promise<readonly WebhookDelivery[]> {
  const list = WebhookList.parse(await (await api.get('/api/v1/webhooks', token)).json())
  return list.items.map(({ delivery }) => delivery)
}

const told = (): readonly string[] =>
  received.flatMap(({ message }) => message.data.events.map(({ event: name, lease }) => `${name} ${lease}`))

describe('a webhook', () => {
  it('is told what is committed from then on, in order and through its filter, and each delivery is signed', async () => {
    await commit(event(address(1), 'assigned', Date.now() - 60_000))
    const { secret, id } = await create({ events: ['assigned', 'ended'] })
    await commit(event(address(2)), event(address(2), 'renewed'))
    await commit(event({ ...address(2), status: 'EXPIRED' }, 'ended'))
    await expect.poll(told, soon).toEqual(['assigned 2001:db8::2', 'ended 2001:db8::2'])
    for (const { headers, body } of received) {
      const signed: Record<string, string> = {}
      for (const [name, value] of Object.entries(headers)) signed[name] = String(value)
      // An implementation of others checks it.
      expect(new StandardWebhook(secret).verify(body, signed)).toBeTruthy()
      expect(() => new StandardWebhook(secret).verify(`${body} `, signed)).toThrow()
    }
    expect(received[0]?.message.data).toMatchObject({ webhook: { id, name: 'routes' }, server: 'beta' })
    await expect.poll(async () => (await deliveries())[0]?.state, soon).toBe('in-step')
    expect(JSON.stringify([api.log, await (await api.get('/api/v1/webhooks', token)).text()])).not.toContain(secret)
  }, 60_000)

  it('is told again what it did not accept, under the same identifier, and nothing else before', async () => {
    answers = [500, 302]
    await create()
    await commit(event(address(1)))
    await expect.poll(() => received.length, soon).toBe(1)
    await commit(event(address(2)))
    await expect
      .poll(told, soon)
      .toEqual(['2001:db8::1', '2001:db8::1', '2001:db8::1', '2001:db8::2'].map((at) => `assigned ${at}`))
    const ids = received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids.slice(0, 3)).size).toBe(1)
    expect(ids[3]).not.toBe(ids[0])
    expect(api.log.map(({ id }) => id)).toEqual(expect.arrayContaining(['WEBHOOK_FAILS', 'WEBHOOK_ACCEPTS']))
    expect(api.log.filter(({ id }) => id === 'WEBHOOK_FAILS')).toHaveLength(1)
  }, 60_000)

  it('goes on from where it was after a restart, with what came meanwhile', async () => {
    await create()
    await commit(event(address(1)))
    await expect.poll(told, soon).toEqual(['assigned 2001:db8::1'])
    await expect.poll(async () => (await deliveries())[0]?.state, soon).toBe('in-step')
    await store.close()
    const restarted = await api.restart()
    api = restarted
    store = await openWorkerStore(api.options.configuration.node.storageUrl, { ...keepAll, eventSeconds: 3600 })
    await commit(event(address(2)))
    await expect.poll(told, soon).toEqual(['assigned 2001:db8::1', 'assigned 2001:db8::2'])
  }, 60_000)

  it('is told that events are missing where they were not kept for it', async () => {
    answers = [500]
    const old = Date.now() - 2 * 3600_000
    await commit(event(address(1), 'assigned', old))
    await create({ begin: 'oldest' })
    await expect.poll(() => received.length, soon).toBe(1)
    await commit(event(address(2), 'assigned', old))
    await store.prune(Date.now())
    await api.restart().then((restarted) => (api = restarted))
    await commit(event(address(3)))
    const types = () => received.slice(1).map(({ message }) => message.type)
    await expect.poll(types, soon).toEqual(['lease-events.lost', 'lease-events'])
    expect(told().at(-1)).toBe('assigned 2001:db8::3')
    expect(api.log.map(({ id }) => id)).toContain('WEBHOOK_EVENTS_LOST')
  }, 60_000)

  it('that says 410 is left alone, until somebody begins it again', async () => {
    answers = [410]
    const { id } = await create()
    await commit(event(address(1)))
    await expect.poll(async () => (await deliveries())[0], soon).toMatchObject({ state: 'stopped', failures: 0 })
    await commit(event(address(2)))
    const body = { begin: 'oldest' }
    expect((await api.post(`/api/v1/webhooks/${id}/begin`, body, authorised())).status).toBe(200)
    await expect.poll(told, soon).toEqual(['1', '1', '2'].map((at) => `assigned 2001:db8::${at}`))
    const refused = await api.post(`/api/v1/webhooks/${id}/begin`, { begin: '00000000-4711' }, authorised())
    expect(Problem.parse(await refused.json())).toMatchObject({ status: 410, fields: [{ field: 'body.begin' }] })
  }, 60_000)

  it('is tried by hand, and removed', async () => {
    answers = [204, 503]
    const { id } = await create()
    const test = async () =>
      WebhookTest.parse(await (await api.post(`/api/v1/webhooks/${id}/test`, {}, authorised())).json())
    expect(await test()).toMatchObject({ accepted: true, status: 204, problem: null })
    expect(await test()).toMatchObject({ accepted: false, status: 503, problem: 'it answered 503' })
    expect(received.map(({ message }) => message.type)).toEqual(['test', 'test'])
    const remove = async () => fetch(`${api.url}/api/v1/webhooks/${id}`, { method: 'DELETE', headers: authorised() })
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    await commit(event(address(1)))
    expect(await deliveries()).toEqual([])
    expect(told()).toEqual([])
    const audit = await api.database.prisma.auditEntry.findMany({ where: { action: { endsWith: '-webhook' } } })
    expect(audit.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'create-webhook routes',
      'remove-webhook routes',
    ])
  }, 60_000)
})

it.each([
  ['http://routes.example.net/', 'body.url'],
  ['https://me:secret@routes.example.net/', 'body.url'],
  ['ftp://routes.example.net/', 'body.url'],
  ['routes', 'body.url'],
])('%s is no URL for a webhook, and it is said why', async (wrong, field) => {
  const response = await api.post('/api/v1/webhooks', { name: 'routes', url: wrong }, authorised())
  expect(response.status).toBe(422)
  expect(Problem.parse(await response.json()).fields).toMatchObject([{ field }])
})

it('the authority of a receiver has to be a certificate', async () => {
  const wish = { name: 'routes', url: 'https://routes.example.net', certificateAuthority: 'hello' }
  const response = await api.post('/api/v1/webhooks', wish, authorised())
  expect(Problem.parse(await response.json()).fields).toMatchObject([{ field: 'body.certificateAuthority' }])
})
