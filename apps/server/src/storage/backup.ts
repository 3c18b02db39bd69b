/** Copies of a database: made while the server runs, and looked at before one is brought back (decision 0070). */
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS, openReadConnection, openWriteConnection, type Connection } from './connection.ts'
import { catchUp, forgetCommitLog } from './commit-log/catch-up.ts'
import { BackupRefused, parseServerName, refuseBackup } from './backup-refused.ts'
import { lockFile, type FileLock } from './file-lock.ts'
import { NodeFactKey } from './node-fact-keys.ts'
import { readFact, readNumberFact, writeFact } from './node-facts.ts'
import { readMigrations } from './read-migrations.ts'
import { StorageUnusable } from './storage-unusable.ts'

/**
 * One consistent copy, as of one commit, whatever is written meanwhile: of a running server the last one that is in its
 * tables, half a second ago. It says of itself that it is a backup, so that no server starts on it by mistake. Appears under its name only when it is whole and on disk.
 */
export function makeBackup(file: string, to: string, atMs: number): void {
  if (!existsSync(file)) throw new BackupRefused(`There is no database at ${file}: the server has never run.`)
  if (existsSync(to)) throw new BackupRefused(`${to} exists already. Choose another name, or remove it.`)
  catchUpIfAlone(file)
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  // Made first and for its owner only: it holds who is where, and password hashes.
  closeSync(openSync(unfinished, 'w', 0o600))
  chmodSync(unfinished, 0o600)
  const source = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    source.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    source.prepare('VACUUM INTO ?').run([unfinished])
  } finally {
    source.close()
  }
  const copy = openWriteConnection(unfinished)
  try {
    mustBeWhole(copy, unfinished)
    forgetCommitLog(copy)
    writeFact(copy, NodeFactKey.backupMadeAt, String(atMs))
  } finally {
    closeInOneFile(copy)
  }
  flush(unfinished)
  renameSync(unfinished, to)
  flush(dirname(to))
}

/** Beside a running server its tables are brought up to date by itself. */
function catchUpIfAlone(file: string): void {
  const lock = lockUnlessHeld(file)
  if (lock === undefined) return
  try {
    const connection = openWriteConnection(file)
    try {
      catchUp(connection, file)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw error instanceof StorageUnusable ? new BackupRefused(error.message, { cause: error }) : error
  } finally {
    lock.release()
  }
}

function lockUnlessHeld(file: string): FileLock | undefined {
  try {
    return lockFile(file)
  } catch (error) {
    if (error instanceof StorageUnusable) return undefined
    throw error
  }
}

export interface BackupFacts {
  readonly serverDuid: string
  readonly serverName: string | undefined
  /** Undefined: not made by `tandem backup`. */
  readonly madeAtMs: number | undefined
  readonly lastCommitNumber: number
  readonly lastCommitAtMs: number | undefined
}

/** Throws where it is no database of Tandem, is damaged, or was made by a later version. */
export function lookAtBackup(file: string): BackupFacts {
  if (!existsSync(file)) throw new BackupRefused(`There is no file ${file}.`)
  const connection = orRefuse(file, () => openReadConnection(file))
  try {
    return orRefuse(file, () => {
      mustBeWhole(connection, file)
      mustBeOfKnownVersion(connection, file)
      const serverDuid = readFact(connection, NodeFactKey.serverDuid)
      if (serverDuid === undefined) throw new BackupRefused(`${file} belongs to no server: it has no identifier.`)
      return {
        serverDuid,
        serverName: serverNameOf(connection),
        madeAtMs: readNumberFact(connection, NodeFactKey.backupMadeAt),
        lastCommitNumber: readNumberFact(connection, NodeFactKey.lastCommitNumber) ?? 0,
        lastCommitAtMs: readNumberFact(connection, NodeFactKey.lastCommitAt),
      }
    })
  } finally {
    connection.close()
  }
}

/** What was promised since a backup was made is not in it: a server may start on it only once `tandem restore` has marked it. */
export function mustBeNoBackup(connection: Connection, file: string): void {
  refuseBackup(readNumberFact(connection, NodeFactKey.backupMadeAt), file)
}

/** Folds the log into the database, so that the file alone is everything. */
export function closeInOneFile(connection: Connection): void {
  connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  connection.close()
}

export function flush(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function mustBeWhole(connection: Connection, file: string): void {
  const row: unknown = connection.prepare('PRAGMA quick_check(1)').raw().get([])
  if (!Array.isArray(row) || row[0] !== 'ok') throw new BackupRefused(`${file} is damaged: ${String(row)}.`)
}

function mustBeOfKnownVersion(connection: Connection, file: string): void {
  const known = new Set(readMigrations().map(({ name }) => name))
  const rows: unknown = connection
    .prepare('SELECT "migration_name" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL')
    .raw()
    .all([])
  const applied = Array.isArray(rows) ? rows.map((row: unknown) => (Array.isArray(row) ? String(row[0]) : '')) : []
  const unknown = applied.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new BackupRefused(`${file} was written by a later version (${unknown}). Bring it back with that version.`)
  }
}

/** The name in the last configuration that ran. */
function serverNameOf(connection: Connection): string | undefined {
  const row: unknown = connection
    .prepare('SELECT "text" FROM "ConfigurationRevision" ORDER BY "number" DESC LIMIT 1')
    .raw()
    .get([])
  if (!Array.isArray(row) || typeof row[0] !== 'string') return undefined
  return parseServerName(row[0])
}

function orRefuse<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof BackupRefused) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new BackupRefused(`${file} is no database of Tandem: ${reason}.`, { cause: error })
  }
}
