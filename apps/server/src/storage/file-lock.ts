/** One running server for each database file: held by the operating system, so that a killed server leaves no lock behind. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StorageUnusable } from './storage-unusable.ts'

export interface FileLock {
  release(): void
}

/** Another process that holds it answers at once; waiting would only delay the sentence. */
const WAIT_MS = 0

/**
 * An exclusive transaction, never ended, on a small database of its own beside the real one: other commands may still
 * open the real one (`token create`), a second `serve` may not.
 */
export function lockFile(databaseFile: string): FileLock {
  const connection = opened(`${databaseFile}.lock`)
  try {
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    throw new StorageUnusable(
      `The storage ${databaseFile} is in use by another running server. Two servers must not share one: ` +
        'stop the other, or give this one a storage of its own.',
      { cause: error },
    )
  }
  return {
    release() {
      connection.exec('ROLLBACK')
      connection.close()
    },
  }
}

function opened(file: string): Database.Database {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'a', 0o600))
    return new Database(file, { timeout: WAIT_MS })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StorageUnusable(`The storage lock ${file} cannot be made: ${reason}.`, { cause: error })
  }
}
