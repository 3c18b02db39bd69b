/** Operators: who may sign in. Passwords come and go as hashes only. */
import { randomUUID } from 'node:crypto'
import type { ConsoleDatabase } from './console-database.ts'

export interface OperatorRow {
  readonly id: string
  readonly name: string
  readonly passwordHash: string
  readonly role: string
  readonly createdAt: bigint
  readonly disabled: boolean
}

export interface NewOperator {
  readonly name: string
  readonly passwordHash: string
  readonly role: string
  readonly nowMs: number
}

export async function operatorExists({ prisma }: ConsoleDatabase): Promise<boolean> {
  return (await prisma.operator.count({ take: 1 })) > 0
}

export async function findOperatorByName({ prisma }: ConsoleDatabase, name: string): Promise<OperatorRow | null> {
  return prisma.operator.findUnique({ where: { name } })
}

export async function listOperatorRows({ prisma }: ConsoleDatabase): Promise<readonly OperatorRow[]> {
  return prisma.operator.findMany({ orderBy: { name: 'asc' } })
}

/** Undefined: the name is taken. */
export async function insertOperator(
  { prisma }: ConsoleDatabase,
  { name, passwordHash, role, nowMs }: NewOperator,
): Promise<OperatorRow | undefined> {
  const inserted = await prisma.$executeRaw`
    INSERT INTO "Operator" ("id", "name", "passwordHash", "role", "createdAt", "disabled")
    VALUES (${randomUUID()}, ${name}, ${passwordHash}, ${role}, ${nowMs}, false)
    ON CONFLICT ("name") DO NOTHING`
  if (inserted === 0) return undefined
  return prisma.operator.findUniqueOrThrow({ where: { name } })
}

/** One statement, so that two who hold the set-up token cannot both be first. False: there is an operator already. */
export async function insertFirstOperator(
  { prisma }: ConsoleDatabase,
  { name, passwordHash, role, nowMs }: NewOperator,
): Promise<boolean> {
  const inserted = await prisma.$executeRaw`
    INSERT INTO "Operator" ("id", "name", "passwordHash", "role", "createdAt", "disabled")
    SELECT ${randomUUID()}, ${name}, ${passwordHash}, ${role}, ${nowMs}, false
    WHERE NOT EXISTS (SELECT 1 FROM "Operator")`
  return inserted === 1
}
