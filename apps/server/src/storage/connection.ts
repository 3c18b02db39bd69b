/** Opens connections to the embedded database: write-ahead log, full sync, and one file only (architecture section 9). */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

export type Connection = Database.Database

/** How long a connection waits for another one's write before it gives up. */
export const BUSY_TIMEOUT_MS = 5000

/** A checkpoint stalls whoever writes, so they are rare; the thread that writes the tables makes most of them (decision 0087). */
const WAL_AUTOCHECKPOINT_PAGES = 16_000

/**
 * Set to `1`, the operating system is never asked to flush: a power cut loses what clients were told. Only to show that
 * the check of the release order notices it; whoever opens the storage says so loudly in the log.
 */
export const UNSAFE_NO_SYNC_VARIABLE = 'TANDEM_TEST_UNSAFE_NO_SYNC'

export function isSyncSwitchedOff(): boolean {
  return process.env[UNSAFE_NO_SYNC_VARIABLE] === '1'
}

/** For the storage worker and for the first steps of a start; creates the file and its folder. */
export function openWriteConnection(file: string): Connection {
  mkdirSync(dirname(file), { recursive: true })
  // Leases tell who is where, and password hashes are in it: the database makes its other files as this one is.
  closeSync(openSync(file, 'a', 0o600))
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  connection.exec('PRAGMA journal_mode = WAL')
  connection.exec(`PRAGMA synchronous = ${isSyncSwitchedOff() ? 'OFF' : 'FULL'}`)
  connection.exec(`PRAGMA wal_autocheckpoint = ${WAL_AUTOCHECKPOINT_PAGES}`)
  connection.exec('PRAGMA foreign_keys = ON')
  return connection
}

/** For lists and for restoring: cannot write. */
export function openReadConnection(file: string): Connection {
  if (!existsSync(file)) throw new Error(`there is no database at ${file}`)
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  connection.exec('PRAGMA query_only = ON')
  return connection
}

/** Immediate, so that waiting for another writer happens before anything was read. */
export function inTransaction<Result>(connection: Connection, work: () => Result): Result {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    connection.exec('COMMIT')
    return result
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    throw error
  }
}
