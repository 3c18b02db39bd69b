/** A database file behind the storage worker: what it makes of the errors of the real database. */
import { renameSync } from 'node:fs'
import { instant, type Binding } from '@tandem/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWriteConnection } from './connection.ts'
import { EngineStore } from './engine-store.ts'
import { failureOfFile } from './failure-of-file.ts'
import { openFileWorkerStore } from './file-worker-store.ts'
import {
  commitOf,
  fullBinding,
  keepAll,
  openTestDatabase,
  put,
  restoreFile,
  type TestDatabase,
} from './test-support/fixtures.ts'

let database: TestDatabase

beforeEach(() => {
  database = openTestDatabase()
})

afterEach(() => database.close())

const notANumber = { ...fullBinding(2), statusSince: instant(Number.NaN) }

test('a database whose file was taken away takes no commit: a restart would find nothing of it', async () => {
  const store = openFileWorkerStore(database.file, keepAll)
  expect(await store.commit(commitOf(1, put(fullBinding(1))))).toMatchObject({ number: 1 })
  renameSync(database.file, `${database.file}.away`)
  await expect(store.commit(commitOf(2, put(fullBinding(2))))).rejects.toThrow('was removed or replaced')
  renameSync(`${database.file}.away`, database.file)
  expect(await store.commit(commitOf(2, put(fullBinding(2))))).toMatchObject({ number: 2 })
  await store.close()
})

test('a database that another server writes too takes no commit', () => {
  const connection = openWriteConnection(database.file)
  const other = new EngineStore(connection)
  database.store.commit(commitOf(1, []))
  const commit = (): unknown => other.commit(commitOf(1, put(fullBinding(1))))
  expect(commit).toThrow('another process made commit 1')
  expect(restoreFile(database.file)).toMatchObject({ bindings: [], lastCommitNumber: 1 })
  connection.close()
})

describe('an error of the database', () => {
  function failureOfCommit(...bindings: readonly Binding[]): string {
    try {
      database.store.commit(commitOf(1, put(...bindings)))
      return 'none'
    } catch (error) {
      return failureOfFile(error)
    }
  }

  test('is told apart: a full disk may be tried again under the same number, once there is room', () => {
    const many = Array.from({ length: 2000 }, (_, number) => fullBinding(number))
    database.connection.exec('PRAGMA max_page_count = 60')
    expect(failureOfCommit(...many)).toBe('disk-full')
    expect(restoreFile(database.file)).toMatchObject({ bindings: [], lastCommitNumber: 0 })
    database.connection.exec('PRAGMA max_page_count = 100000')
    expect(failureOfCommit(...many)).toBe('none')
    expect(restoreFile(database.file).bindings).toHaveLength(2000)
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
    expect(failureOfFile(new TypeError('no such thing'))).toBe('constraint')
  })
})
