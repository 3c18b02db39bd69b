/** The storage behind the storage worker, by its URL. */
import type { FileWorkerStoreOptions } from './file-worker-store.ts'
import type { Retention } from './record-batch.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'
import type { WorkerStore } from './worker-store.ts'

/** Expects a storage that `openStorage` has made and migrated. The options are those of a database file. */
export async function openWorkerStore(
  storageUrl: string,
  retention: Retention,
  options: Pick<FileWorkerStoreOptions, 'behind' | 'progress'> = {},
): Promise<WorkerStore> {
  if (isPostgresqlUrl(storageUrl)) {
    const { openPostgresqlWorkerStore } = await import('./postgresql/postgresql-worker-store.ts')
    return openPostgresqlWorkerStore(storageUrl, retention)
  }
  const { openFileWorkerStore } = await import('./file-worker-store.ts')
  return openFileWorkerStore(fileOfStorageUrl(storageUrl), retention, options)
}
