/** Brings a database file to the present schema with the SQL files of prisma/migrations, recorded exactly as Prisma records them. */
import { randomUUID } from 'node:crypto'
import { inTransaction, type Connection } from './connection.ts'
import { readMigrations, type Migration } from './read-migrations.ts'

const CREATE_RECORD = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

/** Answers the names of those applied now. Each is one transaction together with its record. */
export function migrate(
  connection: Connection,
  nowMs: number,
  migrations: readonly Migration[] = readMigrations(),
): readonly string[] {
  connection.exec(CREATE_RECORD)
  const applied: string[] = []
  for (const migration of migrations) {
    const isNew = inTransaction(connection, () => applyOne(connection, migration, nowMs))
    if (isNew) applied.push(migration.name)
  }
  return applied
}

/** Looks inside the transaction whether it is needed: two processes may start on one file. */
function applyOne(connection: Connection, migration: Migration, nowMs: number): boolean {
  const recorded = connection
    .prepare('SELECT "checksum" FROM "_prisma_migrations" WHERE "migration_name" = ? AND "rolled_back_at" IS NULL')
    .raw()
    .get([migration.name])
  if (Array.isArray(recorded)) {
    if (recorded[0] !== migration.checksum) {
      throw new Error(`migration ${migration.name} was changed after this database had been made with it`)
    }
    return false
  }
  connection.exec(migration.sql)
  connection
    .prepare(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count")
       VALUES (?, ?, ?, ?, ?, 1)`,
    )
    .run([randomUUID(), migration.checksum, nowMs, migration.name, nowMs])
  return true
}
