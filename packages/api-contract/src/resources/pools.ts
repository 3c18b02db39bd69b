/** Pools and how full they are, in total and by owner (RFC 8156 section 4.2). */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { PAGE_LIMIT_MAX, pageOf, pageQuery } from '../paging.ts'
import { HistoryQuery, HistoryStep } from './history-steps.ts'
import { PoolForecasts } from './pool-forecast.ts'
import { Count, LeaseKind, Timestamp } from '../values.ts'

export const PoolDraining = z
  .object({
    since: Timestamp,
    operator: z.string(),
    reason: z.string(),
    leasesLeft: Count.describe('In use, and not extended any more'),
    emptyBy: Timestamp.nullable().describe(
      'When the last of them runs out at the latest, as far as this server knows what was promised; null: none is left',
    ),
    reservedInUse: Count.describe('In use by the clients that they are reserved for: these stay'),
  })
  .meta({ id: 'PoolDraining' })
export type PoolDraining = z.infer<typeof PoolDraining>

export const Pool = z
  .object({
    id: z.string().describe('`first-last` of an address pool, `prefix/length-delegated length` of a prefix pool'),
    subnetId: z.string(),
    kind: LeaseKind,
    relationship: z.string().nullable().describe('null: served by this server alone'),
    delegatedLength: z.number().int().nullable(),
    total: Count,
    leased: Count,
    ownFree: Count.describe('Free for this server to give'),
    partnerFree: Count.describe('Free for the partner to give'),
    quarantined: Count.describe('Abandoned after a conflict'),
    waiting: Count.describe('Ended, waiting for the acknowledgement of the partner or for MCLT'),
    reserved: Count.describe('Kept for clients with a reservation and not in use'),
    draining: PoolDraining.nullable().describe(
      'Nothing new is given from it here, and what clients have is not extended; null: it is not drained',
    ),
    partnerDraining: z
      .boolean()
      .nullable()
      .describe(
        'Whether the partner drains it too; null: there is none, or it does not say so over the private channel',
      ),
    forecast: PoolForecasts.describe('When new clients get nothing any more, if what has been seen goes on'),
  })
  .meta({ id: 'Pool' })
export type Pool = z.infer<typeof Pool>

export const PoolList = z
  .object({ items: z.array(Pool), commitNumber: Count, publishedAt: Timestamp })
  .meta({ id: 'PoolList' })
export type PoolList = z.infer<typeof PoolList>

export const PoolPage = PoolList.extend({ nextCursor: z.string().nullable() }).meta({ id: 'PoolPage' })
export type PoolPage = z.infer<typeof PoolPage>

export const PoolQuery = z.strictObject({
  ...pageQuery,
  limit: pageQuery.limit.default(PAGE_LIMIT_MAX),
  subnet: z.string().trim().min(1).max(64).optional().describe('The id of a subnet'),
  relationship: z.string().min(1).max(255).optional(),
  kind: LeaseKind.optional(),
})
export type PoolQuery = z.infer<typeof PoolQuery>

/** How a pool was divided at one moment; the parts add up to the total. */
export const PoolPoint = z
  .object({
    at: Timestamp,
    total: Count,
    leased: Count,
    ownFree: Count,
    partnerFree: Count,
    quarantined: Count,
    waiting: Count,
    reserved: Count,
  })
  .meta({ id: 'PoolPoint' })
export type PoolPoint = z.infer<typeof PoolPoint>

export const PoolHistory = pageOf(PoolPoint).extend({ step: HistoryStep }).meta({ id: 'PoolHistory' })
export type PoolHistory = z.infer<typeof PoolHistory>

/** The same pool in the partner's words, in which `own` is its own; what it does not say is absent. */
export const PartnerPoolCounts = Pool.pick({
  total: true,
  leased: true,
  ownFree: true,
  partnerFree: true,
  quarantined: true,
  waiting: true,
  reserved: true,
})
  .partial()
  .meta({ id: 'PartnerPoolCounts' })
export type PartnerPoolCounts = z.infer<typeof PartnerPoolCounts>

export const PartnerPool = z
  .object({
    serverName: z.string().describe('Who says it: the partner'),
    outcome: z
      .enum(['told', 'no-pool', 'unavailable'])
      .describe('`no-pool`: it answers, and has no such pool; `unavailable`: it could not be asked'),
    problem: z.string().nullable().describe('Why it could not be asked'),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
    counts: PartnerPoolCounts.nullable(),
  })
  .meta({ id: 'PartnerPool' })
export type PartnerPool = z.infer<typeof PartnerPool>

/** The id of a pool as it stands in a URL: `2001:db8:8000::-40-56`. */
export function poolKeyOf(id: string): string {
  return id.replace('/', '-')
}

export const listPools = defineRoute({
  method: 'GET',
  path: '/pools',
  permission: 'status.read',
  summary: 'Pools with their counts, in the order of the configuration',
  query: PoolQuery,
  answer: PoolPage,
})

export const listPoolHistory = defineRoute({
  method: 'GET',
  path: '/pools/:pool/history',
  permission: 'status.read',
  summary: 'How a pool was divided over time, newest first',
  description: 'A step in which the server did not run has no point.',
  params: z.object({ pool: z.string().min(1).max(255).describe('Its id; write the slash as `-`') }),
  query: HistoryQuery,
  answer: PoolHistory,
})

export const getPartnerPool = defineRoute({
  method: 'GET',
  path: '/pools/:pool/partner',
  permission: 'status.read',
  summary: 'How the partner counts the same pool, asked now over the private channel',
  description: 'Only for a pool of a relationship. The answer takes three seconds at most.',
  params: z.object({ pool: z.string().min(1).max(255).describe('Its id; write the slash as `-`') }),
  answer: PartnerPool,
})

/** Of a command on one pool. */
export const PoolCommand = z
  .strictObject({ reason: z.string().trim().min(3).max(500).describe('Why; goes to the audit') })
  .meta({ id: 'PoolCommand' })
export type PoolCommand = z.infer<typeof PoolCommand>

const poolCommand = {
  method: 'POST',
  permission: 'leases.command',
  params: z.object({ pool: z.string().min(1).max(255).describe('Its id; write the slash as `-`') }),
  body: PoolCommand,
  answer: Pool,
} as const

export const drainPool = defineRoute({
  ...poolCommand,
  path: '/pools/:pool/drain',
  summary: 'Drain a pool: nothing new is given from it, and no lease of it is extended',
  description:
    'New clients get leases of other pools of their link, or none. A client that renews keeps its lease for what it was promised, ' +
    'with a preferred lifetime of zero, and gets another one beside it where another pool has one. Reserved leases stay. It ' +
    'lasts over restarts until it is stopped. Of this server only: give the partner the same command. `draining` counts down ' +
    'to empty. Allowed in every state.',
})

export const stopDraining = defineRoute({
  ...poolCommand,
  path: '/pools/:pool/stop-draining',
  summary: 'Give leases from a drained pool again',
  description:
    'Clients get full lifetimes with their next renewal. Of this server only: give the partner the same command.',
})
