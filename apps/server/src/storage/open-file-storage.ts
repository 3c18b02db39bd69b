/** Opens a database file for a short while: first steps of a start, and commands beside a running server. */
import type { Duid } from '@tandem/protocol'
import { isSyncSwitchedOff, openWriteConnection, type Connection } from './connection.ts'
import { recordConfiguration, type ConfigurationRecord } from './configuration-revisions.ts'
import { migrate } from './migrate.ts'
import { ensureServerDuid } from './node-facts.ts'
import { recordStart, type ServerStart } from './server-starts.ts'
import { asUnusable } from './storage-unusable.ts'

export interface FileStorage {
  readonly connection: Connection
  readonly serverDuid: Duid
  readonly migrationsApplied: readonly string[]
  readonly warnings: readonly string[]
  recordConfiguration(record: ConfigurationRecord): number
  recordStart(start: ServerStart): void
  close(): void
}

export function openFileStorage(file: string, nowMs: number): FileStorage {
  const connection = orSentence(file, () => openWriteConnection(file))
  try {
    return orSentence(file, () => {
      const migrationsApplied = migrate(connection, nowMs)
      return {
        connection,
        migrationsApplied,
        serverDuid: ensureServerDuid(connection),
        warnings: isSyncSwitchedOff()
          ? ['UNSAFE: full sync is switched off for a test; a crash of the machine loses what clients were told.']
          : [],
        recordConfiguration: (record) => recordConfiguration(connection, record),
        recordStart: (start) => recordStart(connection, start),
        close: () => connection.close(),
      }
    })
  } catch (error) {
    connection.close()
    throw error
  }
}

function orSentence<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw asUnusable(file, error)
  }
}
