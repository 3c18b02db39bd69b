/** The history of an endpoint's states, as the engine's commits wrote it. */
import type { ConsoleDatabase } from './console-database.ts'
import { between } from './time-range.ts'

export interface TransitionRow {
  readonly id: number
  readonly relationship: string
  readonly at: bigint
  readonly fromState: string
  readonly toState: string
  readonly cause: string
  readonly rule: string
  /** JSON text of an object of text, numbers and truth values. */
  readonly inputs: string
  readonly operator: string | null
}

export interface TransitionPageQuery {
  readonly relationship: string
  /** Into this one, as RFC 8156 spells it. */
  readonly state?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly beforeId: number | undefined
  readonly limit: number
}

/** Of all relationships, oldest first; not more than a hundred. */
export async function listTransitionRowsAfter(
  { prisma }: ConsoleDatabase,
  afterId: number,
): Promise<readonly TransitionRow[]> {
  return prisma.transition.findMany({ where: { id: { gt: afterId } }, orderBy: { id: 'asc' }, take: 100 })
}

export async function lastTransitionId({ prisma }: ConsoleDatabase): Promise<number> {
  const last = await prisma.transition.findFirst({ orderBy: { id: 'desc' }, select: { id: true } })
  return last?.id ?? 0
}

/** Newest first; `beforeId` is the last one of the page before. */
export async function listTransitionRows(
  { prisma }: ConsoleDatabase,
  { relationship, state, fromMs, toMs, beforeId, limit }: TransitionPageQuery,
): Promise<readonly TransitionRow[]> {
  return prisma.transition.findMany({
    where: {
      relationship,
      ...(beforeId === undefined ? {} : { id: { lt: beforeId } }),
      ...(state === undefined ? {} : { toState: state }),
      at: between(fromMs, toMs),
    },
    orderBy: { id: 'desc' },
    take: limit,
  })
}
