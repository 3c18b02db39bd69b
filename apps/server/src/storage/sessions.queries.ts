/** Sessions of browsers: found by the hash of their cookie. */
import type { ConsoleDatabase } from './console-database.ts'

export interface SessionRow {
  readonly tokenHash: string
  readonly createdAt: bigint
  readonly expiresAt: bigint
  readonly lastSeenAt: bigint
  readonly operator: { readonly name: string; readonly role: string; readonly disabled: boolean }
}

export interface NewSession {
  readonly tokenHash: string
  readonly operatorName: string
  readonly nowMs: number
  readonly expiresAtMs: number
  readonly userAgent: string
}

/** Expired sessions go whenever a new one comes. */
export async function insertSession({ prisma }: ConsoleDatabase, session: NewSession): Promise<void> {
  await prisma.session.deleteMany({ where: { expiresAt: { lt: BigInt(session.nowMs) } } })
  await prisma.session.create({
    data: {
      tokenHash: session.tokenHash,
      operator: { connect: { name: session.operatorName } },
      createdAt: BigInt(session.nowMs),
      expiresAt: BigInt(session.expiresAtMs),
      lastSeenAt: BigInt(session.nowMs),
      userAgent: session.userAgent,
    },
  })
}

export async function findSession({ prisma }: ConsoleDatabase, tokenHash: string): Promise<SessionRow | null> {
  return prisma.session.findUnique({
    where: { tokenHash },
    select: {
      tokenHash: true,
      createdAt: true,
      expiresAt: true,
      lastSeenAt: true,
      operator: { select: { name: true, role: true, disabled: true } },
    },
  })
}

export async function touchSession({ prisma }: ConsoleDatabase, tokenHash: string, nowMs: number): Promise<void> {
  await prisma.session.updateMany({ where: { tokenHash }, data: { lastSeenAt: BigInt(nowMs) } })
}

export async function deleteSession({ prisma }: ConsoleDatabase, tokenHash: string): Promise<void> {
  await prisma.session.deleteMany({ where: { tokenHash } })
}
