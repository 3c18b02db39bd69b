/** Lists of leases against the real database: what the engine committed is what the console reads. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import { readLeasePage } from './lease-pages.queries.ts'
import { findLeaseRow } from './leases.queries.ts'
import { bareBinding, commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { everyLease } from './test-support/every-lease.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

const first10 = { after: undefined, limit: 10, countMax: 10 }

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  await storage.commit(commitOf(1, put(fullBinding(1), fullBinding(2), bareBinding())))
  await storage.settle()
  consoleDatabase = await openConsoleDatabase(storage.storageUrl)
})

afterEach(async () => {
  await consoleDatabase.close()
  await storage.close()
})

test('a list has every lease with its octets, in the order of the keys, page by page', async () => {
  const { rows, count } = await readLeasePage(consoleDatabase, everyLease, first10)
  const [first, second, third] = rows
  expect(count).toBe(3)
  expect(first).toMatchObject({
    kind: 'address',
    length: 128,
    status: 'ACTIVE',
    address: Uint8Array.from([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    clientDuid: Uint8Array.from([0, 3, 0, 1, 2, 0, 0, 0, 0, 1]),
    relayData: Uint8Array.from([1, 2, 3]),
  })
  expect(third).toMatchObject({ kind: 'prefix', length: 41, clientDuid: null, relayData: null })
  const next = await readLeasePage(consoleDatabase, everyLease, { after: first, limit: 1, countMax: 10 })
  expect(next).toEqual({ rows: [second], count: 3 })
})

test('one lease is found by its key, with the same octets as in the list', async () => {
  const [first] = (await readLeasePage(consoleDatabase, everyLease, first10)).rows
  expect(first).toBeDefined()
  if (first !== undefined) expect(await findLeaseRow(consoleDatabase, first)).toEqual(first)
})

test('part of a DUID finds the leases of its client, and a count stops where it is told to', async () => {
  const ofOne = await readLeasePage(consoleDatabase, { ...everyLease, duidPart: '0200000000' + '02' }, first10)
  expect(ofOne.rows).toHaveLength(1)
  expect(ofOne.count).toBe(1)
  const counted = await readLeasePage(consoleDatabase, everyLease, { after: undefined, limit: 1, countMax: 2 })
  expect(counted.count).toBe(2)
})
