/** Configurations, starts and commands on the service in a stretch of time, newest first. */
import type { AuditRow } from './audit.queries.ts'
import type { ConsoleDatabase } from './console-database.ts'
import { between } from './time-range.ts'

/** Both ends belong to it. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly limit: number
}

export interface ConfigurationRow {
  readonly number: number
  readonly at: bigint
  readonly who: string
  readonly why: string
}

export interface ServerStartRow {
  readonly id: number
  readonly at: bigint
  readonly ranUntil: bigint | null
  readonly version: string
}

export async function listConfigurationRows(
  { prisma }: ConsoleDatabase,
  { fromMs, toMs, limit }: Stretch,
): Promise<readonly ConfigurationRow[]> {
  return prisma.configurationRevision.findMany({
    where: { at: between(fromMs, toMs) },
    // Without the text, which is long.
    select: { number: true, at: true, who: true, why: true },
    orderBy: { number: 'desc' },
    take: limit,
  })
}

export async function listStartRows(
  { prisma }: ConsoleDatabase,
  { fromMs, toMs, limit }: Stretch,
): Promise<readonly ServerStartRow[]> {
  return prisma.serverStart.findMany({ where: { at: between(fromMs, toMs) }, orderBy: { id: 'desc' }, take: limit })
}

export interface CommandsWanted {
  readonly actions: readonly string[]
  readonly targets: readonly string[]
}

export async function listCommandRows(
  { prisma }: ConsoleDatabase,
  { actions, targets }: CommandsWanted,
  { fromMs, toMs, limit }: Stretch,
): Promise<readonly AuditRow[]> {
  return prisma.auditEntry.findMany({
    where: { action: { in: [...actions] }, target: { in: [...targets] }, at: between(fromMs, toMs) },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
  })
}
