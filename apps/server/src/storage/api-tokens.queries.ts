/** API tokens: found by the hash of their secret, which is never stored. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { ConsoleDatabase } from './console-database.ts'

export interface ApiTokenRow {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly createdBy: string
  readonly createdAt: bigint
  readonly expiresAt: bigint | null
  readonly lastUsedAt: bigint | null
}

export interface NewApiToken {
  readonly name: string
  readonly role: string
  readonly createdBy: string
  readonly nowMs: number
  readonly expiresAtMs: number | undefined
}

/** So that a leaked token is recognised for what it is. */
export const API_TOKEN_PREFIX = 'tandem_'

/** A secret of 256 random bits needs no slow hash. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

const shown = {
  id: true,
  name: true,
  role: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const

/** The secret is in the answer and nowhere else. */
export async function insertApiToken(
  { prisma }: ConsoleDatabase,
  token: NewApiToken,
): Promise<{ readonly row: ApiTokenRow; readonly secret: string }> {
  const secret = API_TOKEN_PREFIX + randomBytes(32).toString('base64url')
  const row = await prisma.apiToken.create({
    data: {
      id: randomUUID(),
      name: token.name,
      tokenHash: hashOfSecret(secret),
      role: token.role,
      createdBy: token.createdBy,
      createdAt: BigInt(token.nowMs),
      expiresAt: token.expiresAtMs === undefined ? null : BigInt(token.expiresAtMs),
    },
    select: shown,
  })
  return { row, secret }
}

export async function findApiTokenBySecret({ prisma }: ConsoleDatabase, secret: string): Promise<ApiTokenRow | null> {
  return prisma.apiToken.findUnique({ where: { tokenHash: hashOfSecret(secret) }, select: shown })
}

export async function findApiTokenById({ prisma }: ConsoleDatabase, id: string): Promise<ApiTokenRow | null> {
  return prisma.apiToken.findUnique({ where: { id }, select: shown })
}

export async function listApiTokenRows({ prisma }: ConsoleDatabase): Promise<readonly ApiTokenRow[]> {
  return prisma.apiToken.findMany({ select: shown, orderBy: { createdAt: 'asc' } })
}

export async function touchApiToken({ prisma }: ConsoleDatabase, id: string, nowMs: number): Promise<void> {
  await prisma.apiToken.updateMany({ where: { id }, data: { lastUsedAt: BigInt(nowMs) } })
}

/** The name of the token that is gone; undefined: there was none. */
export async function deleteApiToken(database: ConsoleDatabase, id: string): Promise<string | undefined> {
  const found = await findApiTokenById(database, id)
  if (found === null) return undefined
  const { count } = await database.prisma.apiToken.deleteMany({ where: { id } })
  return count === 0 ? undefined : found.name
}
