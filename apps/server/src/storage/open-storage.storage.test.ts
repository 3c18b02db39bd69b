/** Opening a server's storage: migrations, the server's DUID, and the console beside a running server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duidType, DuidType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConsoleDatabase } from './console-database.ts'
import { openStorage } from './open-storage.ts'
import { readMigrations, readPostgresqlMigrations } from './read-migrations.ts'
import { isPostgresqlUrl } from './storage-url.ts'
import { execute, removeTestStorage, rowsOf, testStorageUrl } from './test-support/test-storage.ts'

let folder = ''
let url = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-open-'))
  url = await testStorageUrl(folder, 'test')
})

afterEach(async () => {
  await removeTestStorage(url)
  rmSync(folder, { recursive: true })
})

const migrationsOf = (storageUrl: string) =>
  isPostgresqlUrl(storageUrl) ? readPostgresqlMigrations() : readMigrations()

test('the first opening makes tables and a DUID; the second finds them', async () => {
  const first = await openStorage(url, 1_795_232_749_907)
  await first.close()
  const second = await openStorage(url, 1_795_232_800_000)
  expect(first.migrationsApplied).toEqual(migrationsOf(url).map((migration) => migration.name))
  expect(second.migrationsApplied).toEqual([])
  expect(second.serverDuid).toBe(first.serverDuid)
  expect(duidType(first.serverDuid)).toBe(DuidType.Uuid)
  await second.close()
})

test('two servers never get the same DUID', async () => {
  const otherUrl = await testStorageUrl(folder, 'other')
  const other = await openStorage(otherUrl, 1)
  const storage = await openStorage(url, 1)
  expect(storage.serverDuid).not.toBe(other.serverDuid)
  await storage.close()
  await other.close()
  await removeTestStorage(otherUrl)
})

test('migrations are recorded as Prisma records them', async () => {
  const storage = await openStorage(url, 1_795_232_749_907)
  await storage.close()
  const rows = await rowsOf(
    url,
    'SELECT "migration_name", "checksum", "applied_steps_count", "rolled_back_at" FROM "_prisma_migrations" ORDER BY "migration_name"',
  )
  const migrations = migrationsOf(url)
  expect(rows).toEqual(migrations.map(({ name, checksum }) => [name, checksum, 1, null]))
  expect(migrations[0]?.checksum).toMatch(/^[0-9a-f]{64}$/)
})

test('the console writes beside a running server, and each sees what the other wrote', async () => {
  const storage = await openStorage(url, 1)
  const consoleDatabase = await openConsoleDatabase(url)
  await consoleDatabase.prisma.operator.create({
    data: { id: 'o1', name: 'admin', passwordHash: 'h', role: 'administrator', createdAt: 1_795_232_749_907n },
  })
  await execute(url, `UPDATE "Operator" SET "role" = 'reader'`)
  expect(await consoleDatabase.prisma.operator.findUnique({ where: { name: 'admin' } })).toMatchObject({
    id: 'o1',
    name: 'admin',
    passwordHash: 'h',
    role: 'reader',
    createdAt: 1_795_232_749_907n,
    disabled: false,
  })
  await consoleDatabase.close()
  await storage.close()
})
