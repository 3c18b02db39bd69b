/** Who did what, why, and what came of it. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { pageOf, pageQuery, timeQuery } from '../paging.ts'
import { Timestamp } from '../values.ts'

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Timestamp,
    operator: z.string(),
    action: z.string(),
    target: z.string(),
    reason: z.string(),
    commandId: z.string(),
    outcome: z.enum(['done', 'refused']),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditPage = pageOf(AuditEntry).meta({ id: 'AuditPage' })
export type AuditPage = z.infer<typeof AuditPage>

export const AuditQuery = z.strictObject({
  ...pageQuery,
  ...timeQuery,
  operator: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .describe('As it stands in the entry; of a token `token:` and its name'),
  action: z.string().min(1).max(64).optional().describe('For example `declare-partner-down`'),
  target: z.string().min(1).max(255).optional(),
  outcome: AuditEntry.shape.outcome.optional(),
  commandId: z.string().min(1).max(64).optional(),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const listAudit = defineRoute({
  method: 'GET',
  path: '/audit',
  permission: 'audit.read',
  summary: 'Acts of operators, newest first',
  query: AuditQuery,
  answer: AuditPage,
})
