/** Lease events over the API: in the order of the commits, from a position on, through filters, bounded, and awaited. */
import { LeaseEventPage, Problem } from '@tandem/api-contract'
import { instant, type Binding } from '@tandem/engine'
import { ipv6AddressFromNumber } from '@tandem/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import type { LeaseEventRecord } from '../storage/lease-event-row.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, fullBinding, keepAll, put } from '../storage/test-support/fixtures.ts'
import type { WorkerStore } from '../storage/worker-store.ts'

let api: ApiFixture
let store: WorkerStore
let token: string
let lastCommit: number

beforeEach(async () => {
  api = await startTestApi()
  token = await api.token('viewer')
  store = await openWorkerStore(api.options.configuration.node.storageUrl, { ...keepAll, eventSeconds: 3600 })
  lastCommit = 0
})
afterEach(async () => {
  await store.close()
  await api.close()
})

const address = (number: number): Binding => ({ ...fullBinding(number), relayData: undefined })
const prefix = (number: number): Binding => ({
  ...address(number),
  kind: 'prefix',
  prefix: { address: ipv6AddressFromNumber((0x2001_0db8_8000_0000n << 64n) + (BigInt(number) << 72n)), length: 56 },
  subnetId: 'homes',
})

function event(binding: Binding, name: LeaseEventRecord['event'] = 'assigned', atMs = Date.now()): LeaseEventRecord {
  return { event: name, reason: name === 'ended' ? 'expired' : 'client', atMs, binding }
}

async function commit(...leaseEvents: readonly LeaseEventRecord[]): Promise<void> {
  lastCommit += 1
  const changes = put(...new Set(leaseEvents.map(({ binding }) => binding)))
  await store.commit(commitOf(lastCommit, changes, leaseEvents.length === 0 ? {} : { leaseEvents }))
  await store.settle?.()
}

async function read(query = ''): Promise<LeaseEventPage> {
  const response = await api.get(`/api/v1/lease-events?${query}`, token)
  expect(response.status).toBe(200)
  return LeaseEventPage.parse(await response.json())
}

const leases = ({ items }: LeaseEventPage): readonly string[] =>
  items.map(({ event: name, lease }) => `${name} ${lease}`)

describe('the lease events', () => {
  it('come as they were committed, each with its client and what it may use until when', async () => {
    await commit(event(address(1)), event(prefix(2)))
    await commit(event(address(1), 'renewed'), event({ ...address(1), status: 'EXPIRED' }, 'ended'))
    const page = await read()
    expect(leases(page)).toEqual([
      'assigned 2001:db8::1',
      'assigned 2001:db8:8000:200::/56',
      'renewed 2001:db8::1',
      'ended 2001:db8::1',
    ])
    expect(page.items[0]).toMatchObject({
      kind: 'address',
      subnetId: '2001:db8::/64',
      client: { duid: '00:03:00:01:02:00:00:00:00:01', iaType: 'IA_NA', iaid: 4_294_967_294 },
      clientHeardAt: new Date(1_795_232_749_002).toISOString(),
      validUntil: new Date(1_795_232_869_908).toISOString(),
      nextHop: null,
      relays: [],
      server: 'beta',
      commitNumber: '1',
    })
    expect(page.items[3]).toMatchObject({ reason: 'expired', validUntil: null })
    expect(new Set(page.items.map(({ id }) => id)).size).toBe(4)
  })

  it('are read on from any of them, none twice and none missing', async () => {
    await commit(event(address(1)), event(address(2)), event(address(3)))
    await commit()
    await commit(event(address(4)))
    const first = await read('limit=2')
    expect(first).toMatchObject({ more: true })
    const second = await read(`after=${first.next}&limit=2`)
    expect(leases(second)).toEqual(['assigned 2001:db8::3', 'assigned 2001:db8::4'])
    const third = await read(`after=${second.next}`)
    expect(third).toMatchObject({ items: [], more: false })
    await commit(event(address(5)))
    expect(leases(await read(`after=${third.next}`))).toEqual(['assigned 2001:db8::5'])
  })

  it.each([
    ['kind=prefix', 1],
    ['subnet=homes', 1],
    ['event=renewed', 1],
    ['subnet=homes&kind=address', 0],
  ])('are let through by %s', async (query, count) => {
    await commit(event(address(1)), event(prefix(2)), event(address(1), 'renewed'))
    const page = await read(query)
    expect(page.items).toHaveLength(count)
    expect((await read(`after=${page.next}`)).items).toEqual([])
  })

  it('begin at the present where that is asked for, and the answer waits for the first', async () => {
    await commit(event(address(1)))
    const { items, next } = await read('after=present')
    expect(items).toEqual([])
    const waiting = read(`after=${next}&waitSeconds=20`)
    await commit(event(address(2)))
    expect(leases(await waiting)).toEqual(['assigned 2001:db8::2'])
    const from = Date.now()
    expect((await read('after=present&waitSeconds=1')).items).toEqual([])
    expect(Date.now() - from).toBeLessThan(900)
  })

  it('that are older than what is kept are refused, with the oldest that is; whoever was at the end is not', async () => {
    const old = Date.now() - 2 * 3600_000
    await commit(event(address(1), 'assigned', old))
    const first = await read('limit=1')
    await commit(event(address(2), 'assigned', old))
    const atEnd = await read(`after=${first.next}`)
    await store.prune(Date.now())
    const response = await api.get(`/api/v1/lease-events?after=${first.items[0]?.id}`, token)
    expect(response.status).toBe(410)
    const problem = Problem.parse(await response.json())
    expect(problem).toMatchObject({ type: 'urn:tandem:problem:events-not-kept', fields: [{ field: 'query.after' }] })
    expect(problem.detail).toContain(problem.oldestPosition)
    await commit(event(address(3)))
    expect(leases(await read(`after=${problem.oldestPosition}`))).toEqual(['assigned 2001:db8::3'])
    expect(leases(await read(`after=${atEnd.next}`))).toEqual(['assigned 2001:db8::3'])
    expect(leases(await read())).toEqual(['assigned 2001:db8::3'])
  })

  it('of another storage, or ahead of this one, are not promised', async () => {
    await commit(event(address(1)))
    const { next } = await read()
    for (const after of [next.replace(/^.{8}/, '00000000'), next.replace(/-.*$/, '-4711')]) {
      const response = await api.get(`/api/v1/lease-events?after=${after}`, token)
      expect(Problem.parse(await response.json())).toMatchObject({ status: 410 })
    }
    const odd = await api.get('/api/v1/lease-events?after=yesterday', token)
    expect(odd.status).toBe(422)
  })

  it('of a lease that changed again in its commit have the lease as it was', async () => {
    const before = { ...address(1), statusExpiresAt: instant(1_795_232_800_000) }
    lastCommit += 1
    const leaseEvents = [event(before), event({ ...address(1), status: 'RELEASED' }, 'ended')]
    await store.commit(commitOf(lastCommit, put(before, { ...address(1), status: 'RELEASED' }), { leaseEvents }))
    await store.settle?.()
    expect((await read()).items.map(({ validUntil }) => validUntil)).toEqual([
      new Date(1_795_232_800_000).toISOString(),
      null,
    ])
  })
})
