/** A database file for the console: Prisma through its adapter, and a connection that cannot write. */
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { BUSY_TIMEOUT_MS, openReadConnection, type Connection } from './connection.ts'
import type { ConsoleDatabase } from './console-database.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { orderedInFile } from './lease-order.ts'
import { foundInFile, rareInFile } from './lease-words.ts'

/** Kept prepared: a search asks the same for each piece of a table. Texts differ by the filter only. */
const STATEMENTS_MAX = 100

export async function openFileConsole(file: string): Promise<ConsoleDatabase> {
  const connection = openReadConnection(file)
  const statements = new Map<string, ReturnType<Connection['prepare']>>()
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }),
  })
  await prisma.$connect()
  return {
    prisma,
    reader: {
      all: async (sql, values) => {
        const statement = statements.get(sql) ?? connection.prepare(sql)
        if (statements.size < STATEMENTS_MAX) statements.set(sql, statement)
        const rows: unknown = statement.all([...values])
        if (!Array.isArray(rows)) throw new Error('the database driver gave no rows')
        return rows.map((row: unknown) => row)
      },
      hexContains: (column) => `instr(hex(${column}), ?) > 0`,
      leasesWith: foundInFile,
      leasesNotActive: rareInFile,
      leasesInOrder: orderedInFile,
    },
    async close() {
      await prisma.$disconnect()
      connection.close()
    },
  }
}
