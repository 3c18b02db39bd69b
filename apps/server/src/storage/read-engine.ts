/** What the engine starts from, read once from whichever storage there is. */
import type { Restored } from './restored.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

/** `use` may walk the bindings once; afterwards nothing is open any more. */
export async function readEngine<Result>(storageUrl: string, use: (restored: Restored) => Result): Promise<Result> {
  if (isPostgresqlUrl(storageUrl)) {
    const { readPostgresqlEngine } = await import('./postgresql/read-postgresql-engine.ts')
    return use(await readPostgresqlEngine(storageUrl))
  }
  const { openReadConnection } = await import('./connection.ts')
  const { restoreEngine } = await import('./restore-engine.ts')
  const connection = openReadConnection(fileOfStorageUrl(storageUrl))
  try {
    return use(restoreEngine(connection))
  } finally {
    connection.close()
  }
}
