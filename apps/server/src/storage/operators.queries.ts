/** Operators: who may sign in. Passwords come and go as hashes only. */
import { randomUUID } from 'node:crypto'
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase, ConsoleTables } from './console-database.ts'

export interface OperatorRow {
  readonly id: string
  readonly name: string
  readonly passwordHash: string
  readonly role: string
  readonly createdAt: bigint
  readonly disabled: boolean
  readonly passwordTemporary: boolean
  readonly lastSignInAt: bigint | null
  readonly revision: number
  readonly accessLineage: string
  readonly passwordLineage: string
}

export interface NewOperator {
  readonly name: string
  readonly passwordHash: string
  readonly role: string
  readonly nowMs: number
  readonly passwordTemporary?: boolean
}

export async function operatorExists({ prisma }: ConsoleDatabase): Promise<boolean> {
  return (await prisma.operator.count({ take: 1 })) > 0
}

/** One who may sign in. */
export async function administratorExists({ prisma }: ConsoleDatabase): Promise<boolean> {
  return (await prisma.operator.count({ where: { role: 'administrator', disabled: false }, take: 1 })) > 0
}

export async function findOperatorByName({ prisma }: ConsoleDatabase, name: string): Promise<OperatorRow | null> {
  return prisma.operator.findUnique({ where: { name } })
}

export async function findOperatorById({ prisma }: ConsoleDatabase, id: string): Promise<OperatorRow | null> {
  return prisma.operator.findUnique({ where: { id } })
}

export async function listOperatorRows({ prisma }: ConsoleDatabase): Promise<readonly OperatorRow[]> {
  return prisma.operator.findMany({ orderBy: { name: 'asc' } })
}

/** Undefined: the name is taken. */
export async function insertOperator(
  { prisma }: ConsoleTables,
  { name, passwordHash, role, nowMs, passwordTemporary = false }: NewOperator,
): Promise<OperatorRow | undefined> {
  const inserted = await prisma.$executeRaw`
    INSERT INTO "Operator" ("id", "name", "passwordHash", "role", "createdAt", "disabled", "passwordTemporary", "changedAt")
    VALUES (${randomUUID()}, ${name}, ${passwordHash}, ${role}, ${nowMs}, false, ${passwordTemporary}, ${nowMs})
    ON CONFLICT ("name") DO NOTHING`
  if (inserted === 0) return undefined
  return prisma.operator.findUniqueOrThrow({ where: { name } })
}

/** One statement, so that two who hold the set-up token cannot both be first. Undefined: there is an operator already. */
export async function insertFirstOperator(
  database: ConsoleDatabase,
  { name, passwordHash, role, nowMs }: NewOperator,
): Promise<OperatorRow | undefined> {
  return inOneTransaction(database, async (tables) => {
    const inserted = await tables.prisma.$executeRaw`
      INSERT INTO "Operator" ("id", "name", "passwordHash", "role", "createdAt", "disabled", "changedAt")
      SELECT ${randomUUID()}, ${name}, ${passwordHash}, ${role}, ${nowMs}, false, ${nowMs}
      WHERE NOT EXISTS (SELECT 1 FROM "Operator")`
    if (inserted !== 1) return undefined
    await insertAuditEntry(tables, {
      nowMs,
      operator: name,
      action: 'set-up',
      target: name,
      detail: 'made the first administrator with the one-time token',
    })
    return tables.prisma.operator.findUniqueOrThrow({ where: { name } })
  })
}
