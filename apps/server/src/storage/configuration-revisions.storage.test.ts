/** Revisions of the configuration against the real database. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStorage, type Storage } from './open-storage.ts'
import { openTestStorage, rowsOf, type TestStorage } from './test-support/test-storage.ts'

let present: TestStorage
let storage: Storage

beforeEach(async () => {
  present = await openTestStorage()
  storage = await openStorage(present.storageUrl, Date.now())
})

afterEach(async () => {
  await storage.close()
  await present.close()
})

function record(text: string): Promise<number> {
  return storage.recordConfiguration({ sha256: `hash of ${text}`, text, who: 'root', why: 'start', atMs: 5 })
}

test('a changed configuration is a new revision, an unchanged one is the one that ran last', async () => {
  expect([await record('one'), await record('one'), await record('two'), await record('one')]).toEqual([1, 1, 2, 3])
  const texts = await rowsOf(present.storageUrl, 'SELECT "text" FROM "ConfigurationRevision" ORDER BY "number"')
  expect(texts).toEqual([['one'], ['two'], ['one']])
})
