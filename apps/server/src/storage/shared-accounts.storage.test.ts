/** A database that lacks all of the partner's accounts takes them over in many small transactions (decision 0103). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertApiToken } from './api-tokens.queries.ts'
import { openConsoleDatabase } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'
import { openStorage } from './open-storage.ts'
import { readAccounts, takeOverAccounts } from './shared-accounts.ts'
import type { AccountsCopy, TakenOver } from './shared-accounts.ts'
import { removeTestStorage, testStorageUrl } from './test-support/test-storage.ts'

const REMOVALS = 3000
const removed = (number: number) =>
  ({ kind: 'api-token', id: `token-${number}`, name: `job ${number}`, atMs: number }) as const

let folder: string
let storageUrl: string
let database: ConsoleDatabase

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-shared-'))
  storageUrl = await testStorageUrl(folder, 'alpha')
  const storage = await openStorage(storageUrl, Date.now())
  await storage.close()
  database = await openConsoleDatabase(storageUrl)
})
afterEach(async () => {
  await database.close()
  await removeTestStorage(storageUrl)
  rmSync(folder, { recursive: true, force: true })
})

async function takeOver(told: AccountsCopy): Promise<readonly TakenOver[]> {
  const parts: TakenOver[] = []
  for await (const part of takeOverAccounts(database, told, { from: 'beta', nowMs: 1_000 })) parts.push(part)
  return parts
}

test(
  `${REMOVALS} removals are taken over, a part at a time, and the one that is here ends`,
  { timeout: 120_000 },
  async () => {
    const removals = Array.from({ length: REMOVALS }, (_, number) => removed(number))
    const wish = { name: 'here', role: 'viewer', createdBy: 'ada', nowMs: 1, expiresAtMs: undefined } as const
    const { row } = await insertApiToken(database, wish)
    const own = row.id
    const told = { operators: [], tokens: [], webhooks: [], removals: [...removals, { ...removed(REMOVALS), id: own }] }
    const parts = await takeOver(told)
    expect(parts.length).toBeGreaterThan(REMOVALS / 200)
    expect(parts.flatMap(({ endedSignIns }) => endedSignIns)).toEqual([own])
    const { tokens, removals: kept } = await readAccounts(database)
    expect([tokens.length, kept.length]).toEqual([0, REMOVALS + 1])
    // What is in step is not written again.
    expect((await takeOver(told)).every(({ changes }) => changes.length === 0)).toBe(true)
  },
)

test('what was taken over before a failure counts', async () => {
  const removals = Array.from({ length: 250 }, (_, number) => removed(number))
  const parts = takeOverAccounts(
    database,
    { operators: [], tokens: [], webhooks: [], removals },
    { from: 'beta', nowMs: 1_000 },
  )
  await parts.next()
  await parts.return(undefined)
  const { removals: kept } = await readAccounts(database)
  expect(kept).toHaveLength(100)
})
