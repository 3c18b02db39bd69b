/** Opening a server's storage: migrations, the server's DUID, and what is said when it cannot be. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duidType, DuidType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase } from './console-database.ts'
import { inTransaction, openReadConnection, openWriteConnection } from './connection.ts'
import { migrate, readMigrations } from './migrate.ts'
import { openStorage, StorageUnusable } from './open-storage.ts'

let folder = ''
let url = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-open-'))
  url = `file:${join(folder, 'data', 'test.db')}`
})

afterEach(() => rmSync(folder, { recursive: true }))

test('the first opening makes folder, tables and a DUID; the second finds them', () => {
  const first = openStorage(url, 1_795_232_749_907)
  first.close()
  const second = openStorage(url, 1_795_232_800_000)
  expect(first.migrationsApplied).toEqual(readMigrations().map((migration) => migration.name))
  expect(second.migrationsApplied).toEqual([])
  expect(second.serverDuid).toBe(first.serverDuid)
  expect(duidType(first.serverDuid)).toBe(DuidType.Uuid)
  second.close()
})

test('the database is readable for its owner only, log and all', () => {
  const storage = openStorage(url, 1)
  const modes = readdirSync(join(folder, 'data')).map((name) => statSync(join(folder, 'data', name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
  storage.close()
})

test('two servers never get the same DUID', () => {
  const other = openStorage(`file:${join(folder, 'other.db')}`, 1)
  const storage = openStorage(url, 1)
  expect(storage.serverDuid).not.toBe(other.serverDuid)
  storage.close()
  other.close()
})

test('migrations are recorded as Prisma records them', () => {
  const storage = openStorage(url, 1_795_232_749_907)
  const rows = storage.connection
    .prepare(
      'SELECT "migration_name", "checksum", "finished_at", "applied_steps_count", "rolled_back_at" FROM "_prisma_migrations"',
    )
    .raw()
    .all()
  expect(rows).toEqual(
    readMigrations().map((migration) => [migration.name, migration.checksum, 1_795_232_749_907, 1, null]),
  )
  expect(readMigrations()[0]?.checksum).toMatch(/^[0-9a-f]{64}$/)
  storage.close()
})

test('a migration that was changed after the fact is refused', () => {
  const storage = openStorage(url, 1)
  const changed = readMigrations().map((migration) => ({ ...migration, checksum: '00' }))
  expect(() => migrate(storage.connection, 2, changed)).toThrow('was changed after this database had been made with it')
  storage.close()
})

test('a migration that fails half way leaves nothing behind', () => {
  const storage = openStorage(url, 1)
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
  const file = join(folder, 'text.db')
  writeFileSync(file, 'this is no database, and it is long enough to be looked at as one. '.repeat(100))
  expect(() => openStorage(`file:${file}`, 1)).toThrow(StorageUnusable)
  expect(() => openStorage(`file:${file}`, 1)).toThrow(`The storage ${file} cannot be used`)
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
    const storage = openStorage(url, 1)
    expect(storage.warnings).toEqual([expect.stringContaining('UNSAFE')])
    expect(storage.connection.prepare('PRAGMA synchronous').raw().get([])).toEqual([0])
    storage.close()
  } finally {
    delete process.env['TANDEM_TEST_UNSAFE_NO_SYNC']
  }
  const safe = openStorage(url, 1)
  expect(safe.warnings).toEqual([])
  safe.close()
})

test('a connection for lists cannot write', () => {
  openStorage(url, 1).close()
  const reader = openReadConnection(url.slice('file:'.length))
  expect(() => reader.exec('DELETE FROM "NodeFact"')).toThrow('readonly')
  reader.close()
})

test('the console writes beside a running server, and each sees what the other wrote', async () => {
  const storage = openStorage(url, 1)
  const consoleDatabase = await openConsoleDatabase(url)
  await consoleDatabase.prisma.operator.create({
    data: { id: 'o1', name: 'admin', passwordHash: 'h', role: 'administrator', createdAt: 1_795_232_749_907n },
  })
  inTransaction(storage.connection, () => storage.connection.exec(`UPDATE "Operator" SET "role" = 'reader'`))
  expect(await consoleDatabase.prisma.operator.findUnique({ where: { name: 'admin' } })).toEqual({
    id: 'o1',
    name: 'admin',
    passwordHash: 'h',
    role: 'reader',
    createdAt: 1_795_232_749_907n,
    disabled: false,
  })
  await consoleDatabase.close()
  storage.close()
})
