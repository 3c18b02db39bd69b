/** Waiting for the tables, against the real database. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import { findLeaseRow } from './leases.queries.ts'
import { untilTablesHold } from './tables-progress.queries.ts'
import { commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  consoleDatabase = await openConsoleDatabase(storage.storageUrl)
})

afterEach(async () => {
  await consoleDatabase.close()
  await storage.close()
})

test('a lease is found once its commit is in the tables, and nobody waits for one that never comes', async () => {
  await storage.commit(commitOf(1, put(fullBinding(1))))
  expect(await untilTablesHold(consoleDatabase, 1, 20_000)).toBe(true)
  const address = new Uint8Array(16)
  new DataView(address.buffer).setBigUint64(0, fullBinding(1).prefix.address >> 64n)
  new DataView(address.buffer).setBigUint64(8, fullBinding(1).prefix.address & 0xffff_ffff_ffff_ffffn)
  expect(await findLeaseRow(consoleDatabase, { kind: 'address', address, length: 128 })).toMatchObject({
    status: 'ACTIVE',
  })
  expect(await untilTablesHold(consoleDatabase, 2, 120)).toBe(false)
})
