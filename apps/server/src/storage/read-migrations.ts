/** The SQL files that make a database and bring it to the present schema: one folder for each kind, in Prisma's layout. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** As deep from `src/storage` as from `dist/storage`. */
const SQLITE_FOLDER = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url))
const POSTGRESQL_FOLDER = fileURLToPath(new URL('../../../../prisma/postgresql/migrations', import.meta.url))

export interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

export function readMigrations(): readonly Migration[] {
  return readFolder(SQLITE_FOLDER)
}

export function readPostgresqlMigrations(): readonly Migration[] {
  return readFolder(POSTGRESQL_FOLDER)
}

function readFolder(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}
