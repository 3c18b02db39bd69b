/** The main thread's way to the database: Prisma for the console's own nouns, a read-only way for big lists. */
import type { Prisma, PrismaClient } from './generated/prisma/client.ts'
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

/** What reads and writes single rows: the database itself, or a transaction on it. */
export interface ConsoleTables {
  readonly prisma: Prisma.TransactionClient
}

const WRITE_CONFLICT = 'P2034'
const TRIES_MAX = 5

/**
 * All of it or nothing, as if alone. The first statement has to write: on a database file a transaction that has only read
 * cannot begin to write once the engine has committed. May run several times, so it does nothing but ask the database.
 */
export async function inOneTransaction<Result>(
  { prisma }: ConsoleDatabase,
  work: (tables: ConsoleTables) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma.$transaction(async (transaction) => work({ prisma: transaction }), {
        isolationLevel: 'Serializable',
      })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== WRITE_CONFLICT || attempt >= TRIES_MAX) throw error
    }
  }
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
