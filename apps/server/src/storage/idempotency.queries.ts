/** Answers to commands that carried an Idempotency-Key, kept for a day so that a repetition gets the same one. */
import type { ConsoleDatabase } from './console-database.ts'

const KEPT_MS = 24 * 3_600_000

export interface IdempotencyKey {
  readonly key: string
  readonly operator: string
  readonly route: string
}

export interface StoredAnswer {
  readonly requestHash: string
  readonly status: number
  readonly body: string
}

export async function findStoredAnswer(
  { prisma }: ConsoleDatabase,
  { key, operator, route }: IdempotencyKey,
  nowMs: number,
): Promise<StoredAnswer | undefined> {
  const row = await prisma.idempotencyRecord.findUnique({ where: { key_operator_route: { key, operator, route } } })
  return row === null || row.at < BigInt(nowMs - KEPT_MS) ? undefined : row
}

/** The first answer stays: an answer is stored once and never replaced while it is kept. */
export async function storeAnswer(
  { prisma }: ConsoleDatabase,
  { key, operator, route }: IdempotencyKey,
  { requestHash, status, body }: StoredAnswer,
  nowMs: number,
): Promise<void> {
  await prisma.idempotencyRecord.deleteMany({ where: { at: { lt: BigInt(nowMs - KEPT_MS) } } })
  await prisma.$executeRaw`
    INSERT INTO "IdempotencyRecord" ("key", "operator", "route", "requestHash", "status", "body", "at")
    VALUES (${key}, ${operator}, ${route}, ${requestHash}, ${status}, ${body}, ${nowMs})
    ON CONFLICT DO NOTHING`
}
