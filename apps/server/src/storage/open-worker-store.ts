/** The storage behind the storage worker, by its URL. */
import { openFileWorkerStore } from './file-worker-store.ts'
import type { Retention } from './record-batch.ts'
import { fileOfStorageUrl } from './storage-url.ts'
import type { WorkerStore } from './worker-store.ts'

/** Expects a storage that `openStorage` has made and migrated. */
export async function openWorkerStore(storageUrl: string, retention: Retention): Promise<WorkerStore> {
  return openFileWorkerStore(fileOfStorageUrl(storageUrl), retention)
}
