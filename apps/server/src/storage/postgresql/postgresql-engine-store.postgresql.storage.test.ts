/** Commits to a real PostgreSQL whose sessions are cut off, that another server takes, or that has forgotten something. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BackupRefused } from '../backup-refused.ts'
import { openStorage } from '../open-storage.ts'
import { lockStorage } from '../storage-lock.ts'
import { commitOf, fullBinding, put } from '../test-support/fixtures.ts'
import { execute, openTestStorage, restoreWhole, type TestStorage } from '../test-support/test-storage.ts'
import { failureOfPostgresql } from './failure.ts'
import { PostgresqlEngineStore } from './postgresql-engine-store.ts'

let storage: TestStorage
let store: PostgresqlEngineStore

beforeEach(async () => {
  storage = await openTestStorage()
  store = await PostgresqlEngineStore.open(storage.storageUrl)
})

afterEach(async () => {
  await store.close()
  await storage.close()
})

const cutOff = (): Promise<void> =>
  execute(
    storage.storageUrl,
    `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
     WHERE application_name = 'tandem commits' AND datname = current_database()`,
  )

const failureOf = (commit: Promise<unknown>): Promise<string> => commit.then(() => 'none', failureOfPostgresql)

test('a session that was cut off is replaced by another one, with the lock', async () => {
  await store.commit(commitOf(1, put(fullBinding(1))))
  await cutOff()
  expect(await store.commit(commitOf(2, put(fullBinding(2))))).toEqual({ number: 2, runningUntilMs: 5000 })
  expect((await restoreWhole(storage.storageUrl)).bindings).toEqual([fullBinding(1), fullBinding(2)])
  await expect(lockStorage(storage.storageUrl)).rejects.toThrow('is in use by another running server')
})

test('a commit whose answer was lost is found done, and not made twice', async () => {
  const audit = {
    kind: 'audit-added',
    audit: {
      at: fullBinding(1).statusSince,
      operator: 'a',
      action: 'b',
      target: 'c',
      reason: '',
      commandId: 'd',
      outcome: 'done',
      detail: '',
    },
  } as const
  await store.commit(commitOf(1, []))
  // As if the connection had broken between the commit and its answer: the database has it, and we have not heard so.
  await execute(
    storage.storageUrl,
    `UPDATE "NodeFact" SET "value" = '2' WHERE "key" = 'last-commit-number';
     UPDATE "NodeFact" SET "value" = '7777' WHERE "key" = 'running-until'`,
  )
  expect(await store.commit(commitOf(2, [audit]))).toEqual({ number: 2, runningUntilMs: 7777 })
  expect(await store.commit(commitOf(3, [audit]))).toMatchObject({ number: 3 })
})

test('a second server is refused while the first one runs, and the session that holds the lock needs no other process', async () => {
  await expect(lockStorage(storage.storageUrl)).rejects.toThrow('is in use by another running server')
  await expect(PostgresqlEngineStore.open(storage.storageUrl)).rejects.toThrow('is in use by another running server')
  await store.close()
  const lock = await lockStorage(storage.storageUrl)
  await lock.release()
})

test('a server whose session was lost while another one took the storage over commits nothing any more, and has to end', async () => {
  await store.commit(commitOf(1, []))
  await cutOff()
  const other = await PostgresqlEngineStore.open(storage.storageUrl)
  await other.commit(commitOf(2, put(fullBinding(7))))
  // The other one holds the lock: it may be waited for.
  expect(await failureOf(store.commit(commitOf(2, put(fullBinding(1)))))).toBe('failed')
  expect(await failureOf(store.commit(commitOf(2, put(fullBinding(1)))))).toBe('failed')
  await other.close()
  const late = store.commit(commitOf(2, put(fullBinding(1))))
  await expect(late).rejects.toThrow('another server has taken this storage over')
  expect(await failureOf(late)).toBe('constraint')
  expect((await restoreWhole(storage.storageUrl)).bindings).toEqual([fullBinding(7)])
})

test.each([
  ['what was told', ''],
  ['what was told, and who holds it', `UPDATE "NodeFact" SET "value" = 'earlier' WHERE "key" = 'storage-holder'`],
])(
  'a database that has forgotten %s is marked, and no server starts on it before tandem restore',
  async (_what, sql) => {
    await store.commit(commitOf(1, put(fullBinding(1))))
    await store.commit(commitOf(2, put(fullBinding(2))))
    await execute(storage.storageUrl, `UPDATE "NodeFact" SET "value" = '1' WHERE "key" = 'last-commit-number'`)
    await execute(storage.storageUrl, sql)
    const late = store.commit(commitOf(3, put(fullBinding(3))))
    await expect(late).rejects.toThrow('has forgotten the commits 2 to 2')
    expect(await failureOf(late)).toBe('constraint')
    const opened = await openStorage(storage.storageUrl, 1)
    await expect(opened.mustBeNoBackup()).rejects.toThrow(BackupRefused)
    await opened.close()
  },
)

test('text with a character that PostgreSQL does not hold is no reason to stop', async () => {
  await store.commit(commitOf(1, put({ ...fullBinding(1), subnetId: 'a\0b' })))
  expect((await restoreWhole(storage.storageUrl)).bindings[0]?.subnetId).toBe('a\uFFFDb')
})

describe('an error of the database', () => {
  test('is told apart: a right that was taken away may be given back', async () => {
    await store.commit(commitOf(1, []))
    await execute(storage.storageUrl, 'REVOKE INSERT ON "Binding" FROM tandem')
    expect(await failureOf(store.commit(commitOf(2, put(fullBinding(1)))))).toBe('failed')
    await execute(storage.storageUrl, 'GRANT INSERT ON "Binding" TO tandem')
    expect(await failureOf(store.commit(commitOf(2, put(fullBinding(1)))))).toBe('none')
  })

  test('is told apart: a table that is gone is no passing trouble, and neither is a bug of ours', async () => {
    await execute(storage.storageUrl, 'DROP TABLE "Binding"')
    expect(await failureOf(store.commit(commitOf(1, put(fullBinding(1)))))).toBe('constraint')
    expect(failureOfPostgresql(new TypeError('no such thing'))).toBe('constraint')
  })
})
