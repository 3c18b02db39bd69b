/** The storage behind the storage worker, by its URL. */
import type { Retention } from './record-batch.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'
import type { WorkerStore } from './worker-store.ts'

/** Expects a storage that `openStorage` has made and migrated. `behind`: why the tables do not follow; undefined: they do again. */
export async function openWorkerStore(
  storageUrl: string,
  retention: Retention,
  behind?: (detail: string | undefined) => void,
): Promise<WorkerStore> {
  if (isPostgresqlUrl(storageUrl)) {
    const { openPostgresqlWorkerStore } = await import('./postgresql/postgresql-worker-store.ts')
    return openPostgresqlWorkerStore(storageUrl, retention)
  }
  const { openFileWorkerStore } = await import('./file-worker-store.ts')
  return openFileWorkerStore(fileOfStorageUrl(storageUrl), retention, behind === undefined ? {} : { behind })
}
