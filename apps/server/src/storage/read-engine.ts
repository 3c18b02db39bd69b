/** What the engine starts from, read once from whichever storage there is. */
import { openReadConnection } from './connection.ts'
import { restoreEngine, type Restored } from './restore-engine.ts'
import { fileOfStorageUrl } from './storage-url.ts'

/** `use` may walk the bindings once; afterwards nothing is open any more. */
export async function readEngine<Result>(storageUrl: string, use: (restored: Restored) => Result): Promise<Result> {
  const connection = openReadConnection(fileOfStorageUrl(storageUrl))
  try {
    return use(restoreEngine(connection))
  } finally {
    connection.close()
  }
}
