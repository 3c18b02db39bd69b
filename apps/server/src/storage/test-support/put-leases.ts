/** For tests: leases in the table as the server would leave them there, with what finds them. */
import { BINDING_COLUMNS } from '../binding-row.ts'
import { inTransaction, openWriteConnection } from '../connection.ts'
import type { ConsoleDatabase } from '../console-database.ts'
import { EngineTables } from '../engine-tables.ts'
import type { SqlValue } from '../sql-value.ts'
import { fileOfStorageUrl, isPostgresqlUrl } from '../storage-url.ts'

type LeaseRow = Parameters<ConsoleDatabase['prisma']['binding']['create']>[0]['data']

export async function putLeases(
  storageUrl: string,
  { prisma }: ConsoleDatabase,
  leases: readonly LeaseRow[],
): Promise<void> {
  if (isPostgresqlUrl(storageUrl)) {
    await prisma.binding.createMany({ data: [...leases] })
    return
  }
  const connection = openWriteConnection(fileOfStorageUrl(storageUrl))
  try {
    const bindings = leases.map((lease) => BINDING_COLUMNS.map((column) => stored(lease[column])))
    const nothing = { leaseEvents: [], endpoints: [], transitions: [], audits: [], facts: [] }
    inTransaction(connection, () => new EngineTables(connection).write({ ...nothing, bindings }))
  } finally {
    connection.close()
  }
}

function stored(value: LeaseRow[keyof LeaseRow]): SqlValue {
  return typeof value === 'boolean' ? Number(value) : (value ?? null)
}
