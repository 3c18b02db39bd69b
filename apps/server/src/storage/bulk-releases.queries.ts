/** Bulk releases as they are kept: how far the one that runs was when it was last saved, and how those before it ended. */
import { insertAuditEntry } from './audit.queries.ts'
import { inOneTransaction } from './console-database.ts'
import type { ConsoleDatabase } from './console-database.ts'

export interface BulkReleaseRow {
  readonly id: string
  readonly state: string
  /** The search, as JSON text. */
  readonly filter: string
  readonly reason: string
  readonly startedBy: string
  readonly startedAt: bigint
  readonly endedBy: string | null
  readonly endedAt: bigint | null
  readonly problem: string | null
  readonly leases: number
  readonly released: number
  /** Numbers by refusal, as JSON text. */
  readonly refused: string
}

export type RefusedCounts = Readonly<Record<string, number>>

export interface SavedProgress {
  readonly released: number
  readonly refused: RefusedCounts
}

export interface NewBulkRelease extends SavedProgress {
  readonly id: string
  readonly filter: object
  readonly reason: string
  readonly startedBy: string
  readonly startedAtMs: number
  readonly leases: number
}

/** What the audit says of it beside who, when and why. */
export interface Told {
  readonly target: string
  readonly detail: string
}

/** With its line in the audit; of those before it the last ones stay. */
export async function insertBulkRelease(
  database: ConsoleDatabase,
  made: NewBulkRelease,
  told: Told,
  keptMax: number,
): Promise<BulkReleaseRow> {
  const { id, filter, reason, startedBy, startedAtMs, leases, released, refused } = made
  return inOneTransaction(database, async (tables) => {
    const row = await tables.prisma.bulkRelease.create({
      data: {
        id,
        state: 'running',
        filter: JSON.stringify(filter),
        reason,
        startedBy,
        startedAt: BigInt(startedAtMs),
        leases,
        released,
        refused: JSON.stringify(refused),
      },
    })
    const old = await tables.prisma.bulkRelease.findMany({ orderBy: NEWEST_FIRST, skip: keptMax, select: { id: true } })
    await tables.prisma.bulkRelease.deleteMany({ where: { id: { in: old.map((each) => each.id) } } })
    await insertAuditEntry(tables, {
      ...told,
      nowMs: startedAtMs,
      operator: startedBy,
      action: 'start-bulk-release',
      reason,
      commandId: id,
    })
    return row
  })
}

const NEWEST_FIRST = { startedAt: 'desc' } as const

export async function saveBulkRelease(
  { prisma }: ConsoleDatabase,
  id: string,
  { released, refused }: SavedProgress,
): Promise<void> {
  await prisma.bulkRelease.updateMany({ where: { id }, data: { released, refused: JSON.stringify(refused) } })
}

export interface EndOfBulkRelease extends SavedProgress {
  readonly state: 'done' | 'cancelled' | 'failed' | 'interrupted'
  /** Who cancelled it. */
  readonly endedBy: string | undefined
  readonly endedAtMs: number
  readonly problem: string | undefined
}

/** With its line in the audit. */
export async function endBulkRelease(
  database: ConsoleDatabase,
  { id, startedBy, reason }: Pick<BulkReleaseRow, 'id' | 'startedBy' | 'reason'>,
  { state, endedBy, endedAtMs, problem, released, refused }: EndOfBulkRelease,
  told: Told,
): Promise<void> {
  await inOneTransaction(database, async (tables) => {
    const { count } = await tables.prisma.bulkRelease.updateMany({
      where: { id, state: 'running' },
      data: {
        state,
        endedBy: endedBy ?? null,
        endedAt: BigInt(endedAtMs),
        problem: problem ?? null,
        released,
        refused: JSON.stringify(refused),
      },
    })
    if (count === 0) return
    await insertAuditEntry(tables, {
      ...told,
      nowMs: endedAtMs,
      operator: endedBy ?? startedBy,
      action: 'end-bulk-release',
      reason,
      commandId: id,
    })
  })
}

export async function findBulkReleaseRow({ prisma }: ConsoleDatabase, id: string): Promise<BulkReleaseRow | null> {
  return prisma.bulkRelease.findUnique({ where: { id } })
}

export async function listBulkReleaseRows(
  { prisma }: ConsoleDatabase,
  limit: number,
): Promise<readonly BulkReleaseRow[]> {
  return prisma.bulkRelease.findMany({ orderBy: NEWEST_FIRST, take: limit })
}

/** Of a process that is gone. */
export async function runningBulkReleaseRows({ prisma }: ConsoleDatabase): Promise<readonly BulkReleaseRow[]> {
  return prisma.bulkRelease.findMany({ where: { state: 'running' } })
}

/** Each release has its line in the audit, in the commit that made it durable: so many were released, whatever was saved. */
export async function countReleased(
  { prisma }: ConsoleDatabase,
  { id, startedAt }: Pick<BulkReleaseRow, 'id' | 'startedAt'>,
): Promise<number> {
  return prisma.auditEntry.count({
    // The time has an index. A minute for clocks that are corrected.
    where: { at: { gte: startedAt - 60_000n }, commandId: { startsWith: commandIdPrefix(id) }, outcome: 'done' },
  })
}

/** What the engine is told the releases of one bulk release are called: this, and a number. */
export function commandIdPrefix(id: string): string {
  return `${id}-`
}
