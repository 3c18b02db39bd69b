/** Starts of the server against the real database: each with the end of the run before it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase } from './console-database.ts'
import { openStorage } from './open-storage.ts'
import { openWorkerStore } from './open-worker-store.ts'
import { keepAll } from './test-support/fixtures.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'
import { listStartRows } from './timeline.queries.ts'

let present: TestStorage
beforeEach(async () => {
  present = await openTestStorage()
})
afterEach(async () => present.close())

async function start(atMs: number, version: string): Promise<void> {
  const storage = await openStorage(present.storageUrl, atMs)
  await storage.catchUp()
  await storage.recordStart({ atMs, version })
  await storage.close()
}

/** As the engine does every second. */
async function runUntil(runningUntilMs: number): Promise<void> {
  const store = await openWorkerStore(present.storageUrl, keepAll)
  await store.commit({ number: 1, changes: [], atMs: runningUntilMs, runningUntilMs, promises: false })
  await store.close()
}

test('a start knows until when the run before it went, and the first one that there was none', async () => {
  await start(1_000, '1.0.0')
  await runUntil(5_000)
  await start(9_000, '1.1.0')
  const database = await openConsoleDatabase(present.storageUrl)
  const rows = await listStartRows(database, { fromMs: 0, toMs: 10_000, limit: 10 })
  expect(rows.map(({ at, ranUntil, version }) => ({ at, ranUntil, version }))).toEqual([
    { at: 9_000n, ranUntil: 5_000n, version: '1.1.0' },
    { at: 1_000n, ranUntil: null, version: '1.0.0' },
  ])
  expect(await listStartRows(database, { fromMs: 1_001, toMs: 8_999, limit: 10 })).toEqual([])
  await database.close()
})
