/** Opens a server's storage for a short while: first steps of a start, and commands beside a running server. */
import type { Duid } from '@tandem/protocol'
import { fileOfStorageUrl, isSyncSwitchedOff, openWriteConnection, type Connection } from './connection.ts'
import { recordConfiguration, type ConfigurationRecord } from './configuration-revisions.ts'
import { migrate } from './migrate.ts'
import { ensureServerDuid } from './node-facts.ts'

export interface Storage {
  readonly connection: Connection
  readonly serverDuid: Duid
  /** Names of the migrations that this opening applied. */
  readonly migrationsApplied: readonly string[]
  /** To be said loudly, for example that full sync is switched off. */
  readonly warnings: readonly string[]
  /** Answers the number of the revision that now runs; the same text twice in a row is one revision. */
  recordConfiguration(record: ConfigurationRecord): number
  close(): void
}

/** The folder or the file cannot be used; the message is the sentence for the operator. */
export class StorageUnusable extends Error {
  override readonly name = 'StorageUnusable'
}

export function openStorage(storageUrl: string, nowMs: number): Storage {
  const file = fileOfStorageUrl(storageUrl)
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
    const reason = error instanceof Error ? error.message : String(error)
    throw new StorageUnusable(`The storage ${file} cannot be used: ${reason}.`, { cause: error })
  }
}
