/** What the engine starts from, read once from whichever storage there is. */
import type { Connection } from './connection.ts'
import type { Restored } from './restored.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

/** `use` may walk the bindings once; afterwards nothing is open any more. */
export async function readEngine<Result>(storageUrl: string, use: (restored: Restored) => Result): Promise<Result> {
  if (isPostgresqlUrl(storageUrl)) {
    const { readPostgresqlEngine } = await import('./postgresql/read-postgresql-engine.ts')
    return use(await readPostgresqlEngine(storageUrl))
  }
  const { openReadConnection, openWriteConnection } = await import('./connection.ts')
  const { catchUp } = await import('./commit-log/catch-up.ts')
  const { restoreEngine } = await import('./restore-engine.ts')
  const file = fileOfStorageUrl(storageUrl)
  using(openWriteConnection(file), (connection) => catchUp(connection, file))
  return using(openReadConnection(file), (connection) => use(restoreEngine(connection)))
}

function using<Result>(connection: Connection, work: (connection: Connection) => Result): Result {
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}
