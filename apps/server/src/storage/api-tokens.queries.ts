/** API tokens: found by the hash of their secret, which is never stored. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'
import type { Author } from './operator-changes.ts'

export interface ApiTokenRow {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly createdBy: string
  readonly createdAt: bigint
  readonly expiresAt: bigint | null
  readonly lastUsedAt: bigint | null
  /** Permissions with spaces between them; empty: all that the role has. */
  readonly scope: string
}

export interface NewApiToken {
  readonly name: string
  readonly role: string
  readonly createdBy: string
  readonly nowMs: number
  readonly expiresAtMs: number | undefined
  readonly scope?: readonly string[] | null
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
  scope: true,
} as const

/** The secret is in the answer and nowhere else. */
export async function insertApiToken(
  database: ConsoleDatabase,
  token: NewApiToken,
  /** Added to what the audit says. */
  detail = '',
): Promise<{ readonly row: ApiTokenRow; readonly secret: string }> {
  const secret = API_TOKEN_PREFIX + randomBytes(32).toString('base64url')
  const { name, role, createdBy, nowMs, expiresAtMs, scope = null } = token
  const row = await inOneTransaction(database, async (tables) => {
    const made = await tables.prisma.apiToken.create({
      data: {
        id: randomUUID(),
        name,
        tokenHash: hashOfSecret(secret),
        role,
        createdBy,
        createdAt: BigInt(nowMs),
        expiresAt: expiresAtMs === undefined ? null : BigInt(expiresAtMs),
        scope: (scope ?? []).join(' '),
      },
      select: shown,
    })
    const limit = scope === null ? '' : `, only ${scope.join(', ')}`
    const end = expiresAtMs === undefined ? 'without an end' : `good until ${new Date(expiresAtMs).toISOString()}`
    await insertAuditEntry(tables, {
      nowMs,
      operator: createdBy,
      action: 'create-api-token',
      target: name,
      detail: `role ${role}${limit}, ${end}${detail}`,
    })
    return made
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
export async function deleteApiToken(
  database: ConsoleDatabase,
  id: string,
  { operator, detail, nowMs }: Author,
): Promise<string | undefined> {
  const name = (await findApiTokenById(database, id))?.name
  if (name === undefined) return undefined
  return inOneTransaction(database, async (tables) => {
    const { count } = await tables.prisma.apiToken.deleteMany({ where: { id } })
    if (count === 0) return undefined
    await tables.prisma.removedAccount.create({ data: { kind: 'api-token', id, name, at: BigInt(nowMs) } })
    await insertAuditEntry(tables, { nowMs, operator, action: 'revoke-api-token', target: name, detail })
    return name
  })
}
