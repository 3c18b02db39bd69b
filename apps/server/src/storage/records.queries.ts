/** History of leases and decisions, read page by page, newest first. */
import type { ConsoleDatabase } from './console-database.ts'
import { between } from './time-range.ts'

export interface LeaseChangeRow {
  readonly id: number
  readonly at: bigint
  readonly fromStatus: string | null
  readonly toStatus: string
  readonly cause: string
  readonly clientDuid: string | null
  readonly expiresAt: bigint | null
  readonly commitNumber: bigint
}

export interface DecisionRow {
  readonly id: number
  readonly kind: string
  readonly firstAt: bigint
  readonly at: bigint
  readonly count: bigint
  readonly relationship: string | null
  readonly subnetId: string | null
  readonly lease: string | null
  readonly clientDuid: string | null
  readonly messageType: string | null
  readonly reason: string
  readonly detail: string
  readonly rule: string
  readonly inputs: string
  readonly commitNumber: bigint
}

interface Page {
  readonly beforeId: number | undefined
  readonly limit: number
}

const before = (beforeId: number | undefined) => (beforeId === undefined ? {} : { id: { lt: beforeId } })

export async function listLeaseChangeRows(
  { prisma }: ConsoleDatabase,
  lease: string,
  { beforeId, limit }: Page,
): Promise<readonly LeaseChangeRow[]> {
  return prisma.leaseChange.findMany({ where: { lease, ...before(beforeId) }, orderBy: { id: 'desc' }, take: limit })
}

export interface DecisionFilter {
  readonly kind: string | undefined
  readonly relationship: string | undefined
  readonly lease: string | undefined
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
}

export async function listDecisionRows(
  { prisma }: ConsoleDatabase,
  { kind, relationship, lease, fromMs, toMs }: DecisionFilter,
  { beforeId, limit }: Page,
): Promise<readonly DecisionRow[]> {
  return prisma.decision.findMany({
    where: {
      ...before(beforeId),
      ...(kind === undefined ? {} : { kind }),
      ...(relationship === undefined ? {} : { relationship }),
      ...(lease === undefined ? {} : { lease }),
      at: between(fromMs, toMs),
    },
    orderBy: { id: 'desc' },
    take: limit,
  })
}
