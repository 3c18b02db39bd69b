/** A PostgreSQL database for the console: Prisma through its adapter, and sessions that cannot write. */
import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import type { ConsoleDatabase, PrismaClient } from '../console-database.ts'
import { PrismaClient as PostgresqlClient } from '../generated/prisma-postgresql/client.ts'
import { orderedInPostgresql } from '../lease-order.ts'
import { foundInPostgresql, rareInPostgresql } from '../lease-words.ts'
import { clientConfig } from './session.ts'

const SESSIONS_MAX = 3

export async function openPostgresqlConsole(storageUrl: string): Promise<ConsoleDatabase> {
  const pool = new Pool({
    ...clientConfig(storageUrl, 'console lists'),
    max: SESSIONS_MAX,
    options: '-c default_transaction_read_only=on',
  })
  // A session that is lost while nobody uses it: the next question opens another one.
  pool.on('error', () => undefined)
  const { types: _, ...config } = clientConfig(storageUrl, 'console')
  const adapter = new PrismaPg({ ...config, max: SESSIONS_MAX }, { onPoolError: () => undefined })
  const client = new PostgresqlClient({ adapter })
  await client.$connect()
  return {
    // Made from the same models (prisma/postgresql/schema.prisma is written from prisma/schema.prisma): what the queries of
    // this folder ask for is the same; only what just one of the two databases can do differs.
    prisma: client as unknown as PrismaClient,
    reader: {
      all: async (sql, values) => {
        const { rows } = await pool.query<Record<string, unknown>>(numbered(sql), [...values])
        return rows
      },
      hexContains: (column) => `position(? in upper(encode(${column}, 'hex'))) > 0`,
      leasesWith: foundInPostgresql,
      leasesNotActive: rareInPostgresql,
      leasesInOrder: orderedInPostgresql,
    },
    async close() {
      await client.$disconnect()
      await pool.end()
    },
  }
}

/** Question marks to `$1`, `$2`: there are none in the texts of our queries but placeholders. */
function numbered(sql: string): string {
  let count = 0
  return sql.replaceAll('?', () => {
    count += 1
    return `$${count}`
  })
}
