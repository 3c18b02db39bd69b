/** Stretches of the table of leases: along the key, kinds one after the other, each lease once. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase, type ConsoleDatabase } from './console-database.ts'
import { leaseKeyFromText, leaseKeyText, readCommitNumbers, readStretch } from './lease-stretches.queries.ts'
import type { LeaseKey } from './leases.queries.ts'
import { bareBinding, commitOf, fullBinding, put } from './test-support/fixtures.ts'
import { openTestStorage, type TestStorage } from './test-support/test-storage.ts'

const RELATIONSHIP = 'alpha-beta'

let storage: TestStorage
let consoleDatabase: ConsoleDatabase

beforeEach(async () => {
  storage = await openTestStorage()
  await storage.commit(commitOf(1, put(bareBinding(), fullBinding(3), fullBinding(1))))
  await storage.commit(commitOf(2, put(fullBinding(2))))
  await storage.settle()
  consoleDatabase = await openConsoleDatabase(storage.storageUrl)
})

afterEach(async () => {
  await consoleDatabase.close()
  await storage.close()
})

const textsOf = async (after: LeaseKey | undefined, through: LeaseKey | undefined, limit = 10) =>
  (await readStretch(consoleDatabase, { after, through }, limit)).map(leaseKeyText)

test('all leases are found stretch by stretch, as far as a bound', async () => {
  const all = await textsOf(undefined, undefined)
  expect(all).toEqual([
    'a20010db8000000000000000000000001-128',
    'a20010db8000000000000000000000002-128',
    'a20010db8000000000000000000000003-128',
    expect.stringMatching(/^p[0-9a-f]{32}-041$/u),
  ])
  const keys = all.map((text) => leaseKeyFromText(text))
  expect(await textsOf(keys[0], keys[2])).toEqual(all.slice(1, 3))
  expect(await textsOf(keys[2], undefined)).toEqual(all.slice(3))
  expect(await textsOf(keys[3], undefined)).toEqual([])
  expect(await textsOf(undefined, undefined, 2)).toEqual(all.slice(0, 2))
})

test('a row has what is compared, and the commit that wrote it', async () => {
  const rows = await readStretch(consoleDatabase, { after: undefined, through: undefined }, 10)
  expect(rows[1]).toMatchObject({ status: 'ACTIVE', clientIaid: expect.any(Number), commitNumber: 2 })
  const some = await readCommitNumbers(consoleDatabase, [...rows.slice(0, 2), { ...fullKey(77) }], RELATIONSHIP)
  expect([...some]).toEqual([
    ['a20010db8000000000000000000000001-128', 1],
    ['a20010db8000000000000000000000002-128', 2],
  ])
  expect((await readCommitNumbers(consoleDatabase, [], RELATIONSHIP)).size).toBe(0)
})

test('texts of keys are read back, are in their order, and nothing else is one', () => {
  const key = { kind: 'prefix', address: new Uint8Array(16).fill(0xab), length: 56 } as const
  expect(leaseKeyFromText(leaseKeyText(key))).toEqual(key)
  expect(leaseKeyText({ ...key, length: 8 }) < leaseKeyText(key)).toBe(true)
  for (const text of ['', 'a1-128', `x${'0'.repeat(32)}-128`, `a${'0'.repeat(32)}-129`, `a${'0'.repeat(32)}-1`])
    expect(leaseKeyFromText(text)).toBeUndefined()
})

function fullKey(last: number): LeaseKey {
  const address = new Uint8Array(16)
  address[15] = last
  return { kind: 'address', address, length: 128 }
}
