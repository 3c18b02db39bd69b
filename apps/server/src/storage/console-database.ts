/** The main thread's way to the database: Prisma for the console's own nouns, a read-only way for big lists. */
import type { PrismaClient } from './generated/prisma/client.ts'
import type { SqlValue } from './sql-value.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from './storage-url.ts'

export type { PrismaClient } from './generated/prisma/client.ts'

/** Cannot write. */
export interface ListReader {
  /** Placeholders are question marks; rows come as objects. */
  all(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]>
  /** The SQL that is true where the upper-case hexadecimal digits of a column contain a placeholder's. */
  hexContains(column: string): string
}

export interface ConsoleDatabase {
  /** Operators, sessions, tokens, idempotency records: short writes. Never bindings or endpoints. */
  readonly prisma: PrismaClient
  /** Lists read here, page by page. */
  readonly reader: ListReader
  close(): Promise<void>
}

/** Each kind is read only where it is used: a client is a megabyte. Expects a database that `openStorage` has made and migrated. */
export async function openConsoleDatabase(storageUrl: string): Promise<ConsoleDatabase> {
  if (isPostgresqlUrl(storageUrl)) {
    const { openPostgresqlConsole } = await import('./postgresql/postgresql-console.ts')
    return openPostgresqlConsole(storageUrl)
  }
  const { openFileConsole } = await import('./file-console.ts')
  return openFileConsole(fileOfStorageUrl(storageUrl))
}
