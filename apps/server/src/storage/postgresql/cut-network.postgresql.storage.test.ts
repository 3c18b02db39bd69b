/** A network that swallows everything between Tandem and its PostgreSQL: neither side is told that the other one is gone. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { commitOf, fullBinding, put } from '../test-support/fixtures.ts'
import { openTestStorage, restoreWhole, type TestStorage } from '../test-support/test-storage.ts'
import { failureOfPostgresql } from './failure.ts'
import { PostgresqlEngineStore } from './postgresql-engine-store.ts'

let storage: TestStorage
let network: Server
let sockets: Socket[]
let store: PostgresqlEngineStore

beforeEach(async () => {
  storage = await openTestStorage()
  sockets = []
  network = createServer((near) => {
    const far = connect(join(inject('postgresqlSocket') ?? '', '.s.PGSQL.5432'))
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
    sockets.push(near, far)
  })
  network.listen(0, '127.0.0.1')
  await once(network, 'listening')
  const address = network.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  store = await PostgresqlEngineStore.open(
    `postgresql://tandem@127.0.0.1:${port}${new URL(storage.storageUrl).pathname}`,
  )
})

afterEach(async () => {
  await store.close()
  for (const socket of sockets) socket.destroy()
  network.close()
  await storage.close()
})

/** What stands stays open, and nothing gets through it any more. */
function swallow(): void {
  for (const socket of sockets) {
    socket.unpipe()
    socket.on('data', () => undefined)
    socket.resume()
  }
}

test('the session is given up, its lock is taken back from it, and the commit is made by the next one', async () => {
  await store.commit(commitOf(1, put(fullBinding(1))))
  swallow()
  const first = store.commit(commitOf(2, put(fullBinding(2))))
  expect(await first.then(() => 'none', failureOfPostgresql)).toBe('failed')
  await expect(PostgresqlEngineStore.open(storage.storageUrl), 'the lost session still has the lock').rejects.toThrow(
    'is in use by another running server',
  )
  expect(await store.commit(commitOf(2, put(fullBinding(2))))).toEqual({ number: 2, runningUntilMs: 5000 })
  expect((await restoreWhole(storage.storageUrl)).bindings).toHaveLength(2)
})
