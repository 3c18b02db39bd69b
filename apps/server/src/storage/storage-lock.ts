/** One running server for each storage. */
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

export interface StorageLock {
  /** Before the storage worker starts: it holds the storage from then on, where that is the session of a database. */
  handOver(): Promise<void>
  release(): Promise<void>
}

/** Rejects with StorageUnusable while another server runs on it. */
export async function lockStorage(storageUrl: string): Promise<StorageLock> {
  if (isPostgresqlUrl(storageUrl)) {
    const { lockPostgresql } = await import('./postgresql/open-postgresql-storage.ts')
    return lockPostgresql(storageUrl)
  }
  const { lockFile } = await import('./file-lock.ts')
  const lock = lockFile(fileOfStorageUrl(storageUrl))
  return {
    // The lock of a file is this process's until its end.
    handOver: async () => undefined,
    release: async () => lock.release(),
  }
}
