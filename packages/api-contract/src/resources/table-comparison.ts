/** All leases of a relationship compared with the partner’s records, pool by pool, down to those that differ; and their repair (decision 0128). */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { refusals } from '../problem.ts'
import { Count, LeaseKind, LeaseState, Timestamp } from '../values.ts'

/** Of more that differ, the first ones are told, and are repaired first. */
export const TABLE_DIFFERENCES_KEPT = 200

export const ComparedPool = z
  .object({
    poolId: z.string().nullable().describe('null: leases of no pool, such as reservations outside of all'),
    subnetId: z.string().nullable(),
    kind: LeaseKind,
    compared: Count.describe('Leases of which at least one of the two servers has a record'),
    agree: Count,
    differ: Count.describe('State, client or what one counts on of the other are not the same'),
    onlyHere: Count.describe('The partner has no record, though it should'),
    onlyThere: Count.describe('This server has no record, though it should'),
    moving: Count.describe('Not compared: they changed meanwhile, or one has still to tell the other'),
  })
  .meta({ id: 'ComparedPool' })
export type ComparedPool = z.infer<typeof ComparedPool>

export const TableDifference = z
  .object({
    lease: z.string().describe('`2001:db8::1` or `2001:db8::/56`'),
    key: z.string().describe('As `key` of the lease'),
    kind: LeaseKind,
    poolId: z.string().nullable(),
    outcome: z.enum(['differs', 'only-here', 'only-there']),
    state: LeaseState.nullable().describe('Here; null: there is no record here'),
  })
  .meta({ id: 'TableDifference' })
export type TableDifference = z.infer<typeof TableDifference>

export const TableRepair = z
  .object({
    at: Timestamp,
    by: z.string(),
    reason: z.string(),
    told: Count.describe('Leases of which the partner is told again'),
    refused: z.array(z.object({ refusal: z.enum(refusals), count: Count })).describe('The others, and why not'),
  })
  .meta({ id: 'TableRepair' })
export type TableRepair = z.infer<typeof TableRepair>

export const TableComparison = z
  .object({
    relationship: z.string(),
    serverName: z.string(),
    partnerName: z.string(),
    state: z
      .enum(['never', 'running', 'done', 'cancelled', 'failed'])
      .describe('`never`: not since this server was started; `failed`: it could not be brought to its end'),
    startedBy: z.string().nullable(),
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    problem: z.string().nullable().describe('Why it failed'),
    pools: z.array(ComparedPool).describe('Those that were come to, in the order of their addresses'),
    compared: Count.describe('So far, of all pools'),
    moving: Count.describe('Of these, those that could not be compared, of all pools'),
    differing: Count.describe('Of all pools: `differ`, `onlyHere` and `onlyThere`'),
    differences: z
      .array(TableDifference)
      .describe(`In the order of their addresses; ${TABLE_DIFFERENCES_KEPT} at most`),
    repair: TableRepair.nullable().describe('The last one of this comparison'),
  })
  .meta({ id: 'TableComparison' })
export type TableComparison = z.infer<typeof TableComparison>

const params = z.object({ name: z.string().min(1).max(255) })

export const getTableComparison = defineRoute({
  method: 'GET',
  path: '/relationships/:name/table-comparison',
  permission: 'leases.read',
  summary: 'How far the comparison of all leases with those of the partner is, or what it found',
  description: 'Kept in memory: the last one since this server was started.',
  params,
  answer: TableComparison,
})

export const startTableComparison = defineRoute({
  method: 'POST',
  path: '/relationships/:name/table-comparison',
  permission: 'leases.command',
  summary: 'Compare all leases of a relationship with those of the partner, by hashes',
  description:
    'Changes nothing. It goes on in this server, and leaves clients the room that they need; 200,000 leases take some ten ' +
    'seconds. Refused (409) while one of this relationship runs.',
  params,
  answer: TableComparison,
  answerStatus: 201,
})

export const cancelTableComparison = defineRoute({
  method: 'POST',
  path: '/relationships/:name/table-comparison/cancel',
  permission: 'leases.command',
  summary: 'Stop a comparison of all leases; what it has found stays',
  description: 'Refused (409) if none runs.',
  params,
  answer: TableComparison,
})

export const repairTableComparison = defineRoute({
  method: 'POST',
  path: '/relationships/:name/table-comparison/repair',
  permission: 'leases.command',
  summary: 'Tell the partner again of the leases that a comparison found to differ',
  description:
    'Of each that has a record here, as by `POST /leases/{address}/resend`: only what makes the partner more careful is told, and it ' +
    'decides by the rules of RFC 8156 section 7.5. What only the partner has is repaired on its own console, or by a resync here. ' +
    'Compare again afterwards. Refused (409) while one runs, and where nothing was found.',
  params,
  body: z.strictObject({
    reason: z.string().trim().min(3).max(500).describe('Goes to the audit of each lease'),
  }),
  answer: TableComparison,
})
