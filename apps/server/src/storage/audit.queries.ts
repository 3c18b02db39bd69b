/** The audit: the engine's lines come with its commits, the console's own are written here. */
import type { ConsoleDatabase, ConsoleTables } from './console-database.ts'
import { between } from './time-range.ts'

export interface AuditRow {
  readonly id: number
  readonly at: bigint
  readonly operator: string
  readonly action: string
  readonly target: string
  readonly reason: string
  readonly commandId: string
  readonly outcome: string
  readonly detail: string
}

export interface NewAuditEntry {
  readonly nowMs: number
  readonly operator: string
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly outcome?: 'done' | 'refused'
  readonly reason?: string
  readonly commandId?: string
}

export async function insertAuditEntry({ prisma }: ConsoleTables, entry: NewAuditEntry): Promise<AuditRow> {
  const { nowMs, operator, action, target, detail, outcome = 'done', reason = '', commandId = '' } = entry
  return prisma.auditEntry.create({
    data: { at: BigInt(nowMs), operator, action, target, detail, reason, commandId, outcome },
  })
}

export interface AuditFilter {
  readonly operator?: string | undefined
  readonly action?: string | undefined
  readonly target?: string | undefined
  readonly outcome?: string | undefined
  readonly commandId?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/** Newest first; `beforeId` is the last one of the page before. */
export async function listAuditRows(
  { prisma }: ConsoleDatabase,
  { operator, action, target, outcome, commandId, fromMs, toMs }: AuditFilter,
  { beforeId, limit }: { readonly beforeId: number | undefined; readonly limit: number },
): Promise<readonly AuditRow[]> {
  return prisma.auditEntry.findMany({
    where: {
      ...(beforeId === undefined ? {} : { id: { lt: beforeId } }),
      ...(operator === undefined ? {} : { operator }),
      ...(action === undefined ? {} : { action }),
      ...(target === undefined ? {} : { target }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(commandId === undefined ? {} : { commandId }),
      at: between(fromMs, toMs),
    },
    orderBy: { id: 'desc' },
    take: limit,
  })
}

/** Oldest first. */
export async function listAuditRowsAfter({ prisma }: ConsoleDatabase, afterId: number): Promise<readonly AuditRow[]> {
  return prisma.auditEntry.findMany({ where: { id: { gt: afterId } }, orderBy: { id: 'asc' }, take: 100 })
}

export async function lastAuditId({ prisma }: ConsoleDatabase): Promise<number> {
  const last = await prisma.auditEntry.findFirst({ orderBy: { id: 'desc' }, select: { id: true } })
  return last?.id ?? 0
}

/** Whether a command was carried out already, perhaps by a process that died before it could say so. */
export async function wasCommandDone({ prisma }: ConsoleDatabase, commandId: string): Promise<boolean> {
  const done = await prisma.auditEntry.findFirst({ where: { commandId, outcome: 'done' }, select: { id: true } })
  return done !== null
}
