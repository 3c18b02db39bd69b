/** Opens a server's storage for a short while: first steps of a start, and commands beside a running server. */
import type { Duid } from '@tandem/protocol'
import type { ConfigurationRecord } from './configuration-revisions.ts'
import type { ServerStart } from './server-starts.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

export interface Storage {
  readonly serverDuid: Duid
  /** Names of the migrations that this opening applied. */
  readonly migrationsApplied: readonly string[]
  /** To be said loudly, for example that full sync is switched off. */
  readonly warnings: readonly string[]
  /** Answers the number of the revision that now runs; the same text twice in a row is one revision. */
  recordConfiguration(record: ConfigurationRecord): Promise<number>
  /** Expects `catchUp`: the last run's promises say until when it ran. */
  recordStart(start: ServerStart): Promise<void>
  /** Rejects with BackupRefused where `tandem restore` has to come first (decision 0070). */
  mustBeNoBackup(): Promise<void>
  /** For the server that is about to start: what an earlier run promised last is in the tables afterwards. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

/** Makes and migrates what is missing. Rejects with StorageUnusable. */
export async function openStorage(storageUrl: string, nowMs: number): Promise<Storage> {
  if (isPostgresqlUrl(storageUrl)) {
    const { openPostgresqlStorage } = await import('./postgresql/open-postgresql-storage.ts')
    return openPostgresqlStorage(storageUrl, nowMs)
  }
  const { openFileStorage } = await import('./open-file-storage.ts')
  const { mustBeNoBackup } = await import('./backup.ts')
  const { catchUp } = await import('./commit-log/catch-up.ts')
  const file = fileOfStorageUrl(storageUrl)
  const opened = openFileStorage(file, nowMs)
  const { serverDuid, migrationsApplied, warnings } = opened
  return {
    serverDuid,
    migrationsApplied,
    warnings,
    recordConfiguration: async (record) => opened.recordConfiguration(record),
    recordStart: async (start) => opened.recordStart(start),
    mustBeNoBackup: async () => mustBeNoBackup(opened.connection, file),
    catchUp: async () => {
      catchUp(opened.connection, file)
    },
    close: async () => opened.close(),
  }
}
