/** No change of state is missed over the WebSocket: not after a gap, not by who reads too slowly, not at the beginning. */
import { instant } from '@tandem/engine'
import type { StorageChange } from '@tandem/engine'
import { LiveServerMessage } from '@tandem/api-contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestApi } from '../http/test-support/api-fixture.ts'
import type { ApiFixture } from '../http/test-support/api-fixture.ts'
import { openWorkerStore } from '../storage/open-worker-store.ts'
import { commitOf, keepAll } from '../storage/test-support/fixtures.ts'
import type { WorkerStore } from '../storage/worker-store.ts'

let api: ApiFixture
let store: WorkerStore
let commits = 0
let sockets: WebSocket[] = []
beforeEach(async () => {
  api = await startTestApi()
  store = await openWorkerStore(api.options.configuration.node.storageUrl, keepAll)
  commits = 0
})
afterEach(async () => {
  for (const socket of sockets) socket.terminate()
  sockets = []
  await store.close()
  await api.close()
})

/** As the engine does it: first durable, then told. The cause of each is its number. */
async function changeState(): Promise<void> {
  commits += 1
  const even = commits % 2 === 0
  const transition: StorageChange = {
    kind: 'transition-added',
    transition: {
      relationship: 'main',
      at: instant(1_795_232_749_907 + commits),
      from: even ? 'NORMAL' : 'COMMUNICATIONS-INTERRUPTED',
      to: even ? 'COMMUNICATIONS-INTERRUPTED' : 'NORMAL',
      cause: String(commits),
      rule: 'RFC 8156 8.7',
      inputs: {},
      operator: undefined,
    },
  }
  await store.commit(commitOf(commits, [transition]))
  api.engine.show({ state: even ? 'COMMUNICATIONS-INTERRUPTED' : 'NORMAL', stateSince: instant(commits) })
}

async function connect() {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/live`, {
    headers: { authorization: `Bearer ${await api.token('viewer')}` },
  })
  sockets.push(socket)
  const received: LiveServerMessage[] = []
  socket.on('message', (octets: Buffer) => received.push(LiveServerMessage.parse(JSON.parse(octets.toString()))))
  const changes = () => received.flatMap((message) => (message.event === 'change' ? [message.data] : []))
  const until = async (fits: () => boolean): Promise<void> => expect.poll(fits, { timeout: 20_000 }).toBe(true)
  const consumer = {
    socket,
    received,
    until,
    hello: async () => {
      await until(() => received.length > 0)
      const [first] = received
      if (first?.event !== 'hello') throw new Error(`began with ${JSON.stringify(first)}`)
      return first.data
    },
    kinds: () => changes().map(({ change }) => change.kind),
    causes: () =>
      changes().flatMap(({ change }) => (change.kind === 'transition' ? [Number(change.transition.cause)] : [])),
    lastSequence: () => changes().at(-1)?.sequence ?? 0,
    resume: (epoch: string, fromSequence: number) =>
      socket.send(JSON.stringify({ event: 'resume', data: { epoch, fromSequence } })),
  }
  return consumer
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

it('a consumer that comes back gets each one of the gap, in order, although nobody listened meanwhile', async () => {
  const first = await connect()
  const { epoch } = await first.hello()
  await first.until(() => first.kinds().includes('server-changed'))
  await changeState()
  await first.until(() => first.causes().length === 1)
  const seen = first.lastSequence()
  first.socket.terminate()
  // More than a relationship carries with itself, and more than are read at once.
  for (let count = 0; count < 130; count += 1) await changeState()
  const second = await connect()
  await second.hello()
  second.resume(epoch, seen)
  await second.until(() => second.causes().length >= 130)
  await changeState()
  await second.until(() => second.causes().length >= 131)
  expect(second.causes()).toEqual(upTo(2, 132))
  expect(second.received.some(({ event }) => event === 'refetch')).toBe(false)
})

it('a new consumer hears none of before its greeting, and each one after it', async () => {
  for (let count = 0; count < 3; count += 1) await changeState()
  const consumer = await connect()
  await consumer.hello()
  // Before the stream begins: it waits half a second for a wish to resume.
  await changeState()
  await consumer.until(() => consumer.causes().length > 0)
  await changeState()
  await consumer.until(() => consumer.causes().length > 1)
  expect(consumer.causes()).toEqual([4, 5])
})

it('a consumer that reads nothing for a while costs the server little, and then gets the newest and each transition', async () => {
  const [slow, quick] = [await connect(), await connect()]
  for (const consumer of [slow, quick]) {
    await consumer.hello()
    await consumer.until(() => consumer.kinds().includes('server-changed'))
  }
  const count = (consumer: typeof slow) => consumer.kinds().filter((kind) => kind === 'pools-changed').length
  slow.socket.pause()
  // Two megabytes each time, so that soon no buffer of the system takes more.
  for (let round = 1; round <= 20; round += 1) {
    api.engine.showPools(5_000, BigInt(round))
    const before = quick.causes().length
    await changeState()
    await quick.until(() => quick.causes().length > before && count(quick) > round)
  }
  slow.socket.resume()
  const pools = () =>
    slow.received.flatMap((message) =>
      message.event === 'change' && message.data.change.kind === 'pools-changed' ? [message.data.change.pools] : [],
    )
  // The newest of both, in whichever order they come.
  await slow.until(() => slow.causes().length === 20 && pools().at(-1)?.items[0]?.leased === '20')
  expect(slow.causes()).toEqual(upTo(1, 20))
  expect(count(quick)).toBeGreaterThanOrEqual(21)
  expect(pools().length).toBeLessThan(15)
})
