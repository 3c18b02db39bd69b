/** Opening a database file: who may read it, how it is flushed, and what is said when it cannot be used. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReadConnection, openWriteConnection } from './connection.ts'
import { lockFile } from './file-lock.ts'
import { migrate } from './migrate.ts'
import { openFileStorage } from './open-file-storage.ts'
import { readMigrations } from './read-migrations.ts'
import { StorageUnusable } from './storage-unusable.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-open-'))
  file = join(folder, 'data', 'test.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

test('the database is readable for its owner only, log and all', () => {
  const storage = openFileStorage(file, 1)
  const modes = readdirSync(join(folder, 'data')).map((name) => statSync(join(folder, 'data', name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
  storage.close()
})

test('a migration that was changed after the fact is refused', () => {
  const storage = openFileStorage(file, 1)
  const changed = readMigrations().map((migration) => ({ ...migration, checksum: '00' }))
  expect(() => migrate(storage.connection, 2, changed)).toThrow('was changed after this database had been made with it')
  storage.close()
})

test('a migration that fails half way leaves nothing behind', () => {
  const storage = openFileStorage(file, 1)
  const broken = {
    name: '2',
    checksum: 'c',
    sql: 'CREATE TABLE "Half" ("a" TEXT); CREATE TABLE "Operator" ("a" TEXT);',
  }
  expect(() => migrate(storage.connection, 2, [broken])).toThrow()
  expect(storage.connection.prepare(`SELECT "name" FROM sqlite_master WHERE "name" = 'Half'`).all()).toEqual([])
  storage.close()
})

test('what is no database is refused with one sentence that names the file', () => {
  const text = join(folder, 'text.db')
  writeFileSync(text, 'this is no database, and it is long enough to be looked at as one. '.repeat(100))
  expect(() => openFileStorage(text, 1)).toThrow(StorageUnusable)
  expect(() => openFileStorage(text, 1)).toThrow(`The storage ${text} cannot be used`)
})

test('every commit is flushed: log in front of the tables, full sync', () => {
  const connection = openWriteConnection(join(folder, 'sync.db'))
  const pragma = (name: string): unknown => connection.prepare(`PRAGMA ${name}`).raw().get([])
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('wal_autocheckpoint')]).toEqual([
    ['wal'],
    [2],
    [16_000],
  ])
  connection.close()
})

test('full sync can be switched off for a test only by the environment, and then it is said loudly', () => {
  process.env['TANDEM_TEST_UNSAFE_NO_SYNC'] = '1'
  try {
    const storage = openFileStorage(file, 1)
    expect(storage.warnings).toEqual([expect.stringContaining('UNSAFE')])
    expect(storage.connection.prepare('PRAGMA synchronous').raw().get([])).toEqual([0])
    storage.close()
  } finally {
    delete process.env['TANDEM_TEST_UNSAFE_NO_SYNC']
  }
  const safe = openFileStorage(file, 1)
  expect(safe.warnings).toEqual([])
  safe.close()
})

test('a connection for lists cannot write', () => {
  openFileStorage(file, 1).close()
  const reader = openReadConnection(file)
  expect(() => reader.exec('DELETE FROM "NodeFact"')).toThrow('readonly')
  reader.close()
})

test('a folder that cannot be made is told as such', () => {
  const notAFolder = join(folder, 'a-file')
  writeFileSync(notAFolder, '')
  expect(() => lockFile(join(notAFolder, 'alpha.db'))).toThrow(StorageUnusable)
})
