/** Sessions of browsers: found by the hash of their cookie. */
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'
import type { Author } from './operator-changes.ts'

export interface SessionRow {
  readonly tokenHash: string
  readonly createdAt: bigint
  readonly expiresAt: bigint
  readonly lastSeenAt: bigint
  readonly userAgent: string
  readonly address: string
  readonly operator: {
    readonly id: string
    readonly name: string
    readonly role: string
    readonly disabled: boolean
    readonly passwordTemporary: boolean
  }
}

export interface NewSession {
  readonly tokenHash: string
  readonly operatorId: string
  readonly operatorName: string
  readonly nowMs: number
  readonly expiresAtMs: number
  readonly userAgent: string
  readonly address: string
  /** The partner whose console made the code that opened it; absent: a password did. */
  readonly withCodeOf?: string | undefined
}

const shown = {
  tokenHash: true,
  createdAt: true,
  expiresAt: true,
  lastSeenAt: true,
  userAgent: true,
  address: true,
  operator: { select: { id: true, name: true, role: true, disabled: true, passwordTemporary: true } },
} as const

/** Expired sessions go whenever a new one comes. */
export async function insertSession(database: ConsoleDatabase, session: NewSession): Promise<void> {
  const { operatorId, operatorName, nowMs, address, withCodeOf } = session
  await inOneTransaction(database, async (tables) => {
    const { prisma } = tables
    await prisma.session.deleteMany({ where: { expiresAt: { lt: BigInt(nowMs) } } })
    await prisma.session.create({
      data: {
        tokenHash: session.tokenHash,
        operatorId,
        createdAt: BigInt(nowMs),
        expiresAt: BigInt(session.expiresAtMs),
        lastSeenAt: BigInt(nowMs),
        userAgent: session.userAgent,
        address,
      },
    })
    await prisma.operator.update({ where: { id: operatorId }, data: { lastSignInAt: BigInt(nowMs) } })
    const how = withCodeOf === undefined ? '' : `, with a code of ${withCodeOf}`
    const detail = `from ${address}${how}`
    const entry = { nowMs, operator: operatorName, action: 'sign-in', target: operatorName, detail }
    await insertAuditEntry(tables, entry)
  })
}

export async function findSession({ prisma }: ConsoleDatabase, tokenHash: string): Promise<SessionRow | null> {
  return prisma.session.findUnique({ where: { tokenHash }, select: shown })
}

/** The latest first; without an operator those of everybody. */
export async function listSessionRows(
  { prisma }: ConsoleDatabase,
  { operatorId, nowMs, idleMs }: { readonly operatorId?: string; readonly nowMs: number; readonly idleMs: number },
): Promise<readonly SessionRow[]> {
  return prisma.session.findMany({
    where: {
      ...(operatorId === undefined ? {} : { operatorId }),
      expiresAt: { gt: BigInt(nowMs) },
      lastSeenAt: { gt: BigInt(nowMs - idleMs) },
    },
    select: shown,
    orderBy: [{ lastSeenAt: 'desc' }, { createdAt: 'desc' }],
  })
}

export async function touchSession({ prisma }: ConsoleDatabase, tokenHash: string, nowMs: number): Promise<void> {
  await prisma.session.updateMany({ where: { tokenHash }, data: { lastSeenAt: BigInt(nowMs) } })
}

/** One that has ended meanwhile stays so. */
export async function extendSessionRow(
  database: ConsoleDatabase,
  tokenHash: string,
  expiresAtMs: number,
  { operator, detail, nowMs }: Author,
): Promise<void> {
  await inOneTransaction(database, async (tables) => {
    const data = { expiresAt: BigInt(expiresAtMs) }
    const { count } = await tables.prisma.session.updateMany({ where: { tokenHash }, data })
    const entry = { nowMs, operator, action: 'extend-session', target: operator, detail }
    if (count > 0) await insertAuditEntry(tables, entry)
  })
}

/** Answers those that there were. */
export async function deleteSessions(
  database: ConsoleDatabase,
  sessions: readonly SessionRow[],
  action: 'sign-out' | 'end-session',
  { operator, detail, nowMs }: Author,
): Promise<readonly string[]> {
  return inOneTransaction(database, async (tables) => {
    const ended: string[] = []
    for (const { tokenHash, operator: owner, address } of sessions) {
      const { count } = await tables.prisma.session.deleteMany({ where: { tokenHash } })
      if (count === 0) continue
      ended.push(tokenHash)
      const where = [address === '' ? '' : `opened from ${address}`, detail].filter((text) => text !== '').join(', ')
      await insertAuditEntry(tables, { nowMs, operator, action, target: owner.name, detail: where })
    }
    return ended
  })
}
