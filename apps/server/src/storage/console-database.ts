/** The main thread's way to the database: Prisma for the console's own nouns, a read-only connection for big lists. */
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { BUSY_TIMEOUT_MS, fileOfStorageUrl, openReadConnection, type Connection } from './connection.ts'
import { PrismaClient } from './generated/prisma/client.ts'

export type { PrismaClient } from './generated/prisma/client.ts'

export interface ConsoleDatabase {
  /** Operators, sessions, tokens, idempotency records: short writes. Never bindings or endpoints. */
  readonly prisma: PrismaClient
  /** Lists read here, page by page. Cannot write. */
  readonly reader: Connection
  close(): Promise<void>
}

/** Expects a database that `openStorage` has made and migrated. */
export async function openConsoleDatabase(storageUrl: string): Promise<ConsoleDatabase> {
  const file = fileOfStorageUrl(storageUrl)
  const reader = openReadConnection(file)
  const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }) })
  await prisma.$connect()
  return {
    prisma,
    reader,
    async close() {
      await prisma.$disconnect()
      reader.close()
    },
  }
}
