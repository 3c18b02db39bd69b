/** The storage worker as a thread, and what it makes of the errors of the real database. */
import { renameSync } from 'node:fs'
import { MessageChannel, Worker } from 'node:worker_threads'
import { instant } from '@tandem/engine'
import type { Binding } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWriteConnection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import { StoragePort } from './storage-port.ts'
import { failureOf, type StorageWorkerData } from './storage-worker.ts'
import {
  commitOf,
  fullBinding,
  keepAll,
  openTestDatabase,
  put,
  restoreWhole,
  type TestDatabase,
} from './test-support/fixtures.ts'

let database: TestDatabase

beforeEach(() => {
  database = openTestDatabase()
})

afterEach(() => database.close())

function startWorker(recordFailed?: (detail: string) => void): {
  readonly port: StoragePort
  readonly ended: Promise<unknown>
} {
  const { port1, port2 } = new MessageChannel()
  const workerData: StorageWorkerData = { storage: true, file: database.file, port: port1, retention: keepAll }
  const worker = new Worker(new URL('./storage-worker.ts', import.meta.url), {
    workerData,
    transferList: [port1],
    execArgv: ['--conditions=source'],
  })
  return { port: new StoragePort(port2, recordFailed), ended: new Promise((resolve) => worker.once('exit', resolve)) }
}

const notANumber = { ...fullBinding(2), statusSince: instant(Number.NaN) }

test('it answers when the commit is in the database, and goes on where the last one stopped', async () => {
  database.store.commit(commitOf(1, []))
  const { port, ended } = startWorker()
  expect(await port.commit(commitOf(2, put(fullBinding(1))))).toEqual({
    ok: true,
    receipt: { number: 2, runningUntilMs: 5000 },
  })
  expect(restoreWhole(database.file)).toMatchObject({ bindings: [fullBinding(1)], lastCommitNumber: 2 })
  await port.close()
  await ended
})

test('a commit that breaks a rule is refused with the rule, and the next one is taken', async () => {
  const { port, ended } = startWorker()
  expect(await port.commit(commitOf(1, put(notANumber)))).toEqual({
    ok: false,
    failure: 'constraint',
    detail: expect.stringContaining('statusSince'),
  })
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  await port.close()
  await ended
})

test('what explains is written beside the commits, and is there after a restart', async () => {
  const { port, ended } = startWorker()
  const change = { lease: '2001:db8::1', atMs: 5, from: undefined, to: 'ACTIVE', cause: 'client' } as const
  port.record({
    leaseChanges: [{ ...change, clientDuid: '0001', expiresAtMs: 9, commitNumber: 1 }],
    decisions: [],
  })
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  await port.close()
  await ended
  const rows: unknown = database.connection
    .prepare('SELECT "lease", "at", "expiresAt" FROM "LeaseChange"')
    .raw()
    .all([])
  expect(rows).toEqual([['2001:db8::1', 5, 9]])
})

test('what explains and cannot be written is said, and commits go on', async () => {
  const failed: string[] = []
  const { port, ended } = startWorker((detail) => void failed.push(detail))
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  database.connection.exec('DROP TABLE "LeaseChange"')
  const change = { lease: 'x', atMs: 5, from: undefined, to: 'ACTIVE', cause: 'client' } as const
  port.record({
    leaseChanges: [{ ...change, clientDuid: undefined, expiresAtMs: undefined, commitNumber: 1 }],
    decisions: [],
  })
  expect(await port.commit(commitOf(2, put(fullBinding(2))))).toMatchObject({ ok: true })
  expect(failed).toEqual([expect.stringContaining('LeaseChange')])
  await port.close()
  await ended
})

test('a database whose file was taken away takes no commit: a restart would find nothing of it', async () => {
  const { port, ended } = startWorker()
  expect(await port.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ ok: true })
  renameSync(database.file, `${database.file}.away`)
  expect(await port.commit(commitOf(2, put(fullBinding(2))))).toEqual({
    ok: false,
    failure: 'failed',
    detail: expect.stringContaining('was removed or replaced'),
  })
  renameSync(`${database.file}.away`, database.file)
  expect(await port.commit(commitOf(2, put(fullBinding(2))))).toMatchObject({ ok: true })
  await port.close()
  await ended
})

test('a database that another server writes too takes no commit', () => {
  const connection = openWriteConnection(database.file)
  const other = new EngineStore(connection)
  database.store.commit(commitOf(1, []))
  const commit = (): unknown => other.commit(commitOf(1, put(fullBinding(1))))
  expect(commit).toThrow('another process made commit 1')
  expect(restoreWhole(database.file)).toMatchObject({ bindings: [], lastCommitNumber: 1 })
  connection.close()
})

describe('an error of the database', () => {
  function failureOfCommit(...bindings: readonly Binding[]): string {
    try {
      database.store.commit(commitOf(1, put(...bindings)))
      return 'none'
    } catch (error) {
      return failureOf(error)
    }
  }

  test('is told apart: a full disk may be tried again under the same number, once there is room', () => {
    const many = Array.from({ length: 2000 }, (_, number) => fullBinding(number))
    database.connection.exec('PRAGMA max_page_count = 60')
    expect(failureOfCommit(...many)).toBe('disk-full')
    expect(restoreWhole(database.file)).toMatchObject({ bindings: [], lastCommitNumber: 0 })
    database.connection.exec('PRAGMA max_page_count = 100000')
    expect(failureOfCommit(...many)).toBe('none')
    expect(restoreWhole(database.file).bindings).toHaveLength(2000)
  })

  test('is told apart: another writer that does not let go may be waited for', () => {
    const other = openWriteConnection(database.file)
    other.exec('BEGIN IMMEDIATE')
    database.connection.exec('PRAGMA busy_timeout = 10')
    expect(failureOfCommit(fullBinding(1))).toBe('failed')
    other.exec('ROLLBACK')
    expect(failureOfCommit(fullBinding(1))).toBe('none')
    other.close()
  })

  test('is told apart: a broken rule is a bug, and so is what the database never said', () => {
    expect(failureOfCommit(notANumber)).toBe('constraint')
    expect(failureOf(new TypeError('no such thing'))).toBe('constraint')
  })
})
