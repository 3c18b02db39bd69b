/** Brings a PostgreSQL database to the present schema with the SQL files of prisma/postgresql/migrations, recorded as Prisma records them. */
import { randomUUID } from 'node:crypto'
import { readPostgresqlMigrations, type Migration } from '../read-migrations.ts'
import { inTransaction, type Session } from './session.ts'

const CREATE_RECORD = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`

/** Two processes may start on one database: the second one waits, and then finds it done. */
const ONE_AT_A_TIME = 'SELECT pg_advisory_xact_lock(1413566020, 17742)'

/** Answers the names of those applied now. Each is one transaction together with its record. */
export async function migratePostgresql(
  session: Session,
  nowMs: number,
  migrations: readonly Migration[] = readPostgresqlMigrations(),
): Promise<readonly string[]> {
  const applied: string[] = []
  for (const migration of migrations) {
    const isNew = await inTransaction(session, () => applyOne(session, migration, nowMs))
    if (isNew) applied.push(migration.name)
  }
  return applied
}

async function applyOne(session: Session, { name, sql, checksum }: Migration, nowMs: number): Promise<boolean> {
  await session.run(`${ONE_AT_A_TIME}; ${CREATE_RECORD}`)
  const [recorded] = await session.rows(
    'SELECT "checksum" FROM "_prisma_migrations" WHERE "migration_name" = $1 AND "rolled_back_at" IS NULL',
    [name],
  )
  if (recorded !== undefined) {
    if (recorded[0] === checksum) return false
    throw new Error(`migration ${name} was changed after this database had been made with it`)
  }
  await session.run(sql)
  await session.rows(
    `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count")
     VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4, to_timestamp($3::float8 / 1000), 1)`,
    [randomUUID(), checksum, nowMs, name],
  )
  return true
}
