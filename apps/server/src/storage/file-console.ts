/** A database file for the console: Prisma through the libsql adapter, and a connection that cannot write. */
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { BUSY_TIMEOUT_MS, openReadConnection } from './connection.ts'
import type { ConsoleDatabase } from './console-database.ts'
import { PrismaClient } from './generated/prisma/client.ts'

export async function openFileConsole(file: string): Promise<ConsoleDatabase> {
  const connection = openReadConnection(file)
  const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }) })
  await prisma.$connect()
  return {
    prisma,
    reader: {
      all: async (sql, values) => {
        const rows: unknown = connection.prepare(sql).all([...values])
        if (!Array.isArray(rows)) throw new Error('the database driver gave no rows')
        return rows.map((row: unknown) => row)
      },
      hexContains: (column) => `instr(hex(${column}), ?) > 0`,
    },
    async close() {
      await prisma.$disconnect()
      connection.close()
    },
  }
}
