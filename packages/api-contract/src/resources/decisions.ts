/** Decisions that somebody may ask about later: refusals to answer, failed allocations, rejected updates. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { pageOf, pageQuery, timeQuery } from '../paging.ts'
import { Count, Timestamp } from '../values.ts'

export const decisionKinds = ['no-answer', 'allocation-failed', 'update-rejected'] as const

export const Decision = z
  .object({
    id: z.string(),
    kind: z.enum(decisionKinds),
    firstAt: Timestamp,
    at: Timestamp.describe('Of the last one'),
    count: Count.describe('How many alike this record stands for: at most a minute of them'),
    relationship: z.string().nullable(),
    subnetId: z.string().nullable(),
    lease: z.string().nullable(),
    clientDuid: z.string().nullable().describe('Of the first of them, as an example'),
    messageType: z.string().nullable(),
    reason: z.string(),
    detail: z.string(),
    rule: z.string().describe('Section that governs it, for example `RFC 8156 7.5.4`'),
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    commitNumber: Count.describe('The commit after which the last one was released'),
  })
  .meta({ id: 'Decision' })
export type Decision = z.infer<typeof Decision>

export const DecisionPage = pageOf(Decision).meta({ id: 'DecisionPage' })
export type DecisionPage = z.infer<typeof DecisionPage>

export const DecisionQuery = z.strictObject({
  ...pageQuery,
  kind: z.enum(decisionKinds).optional(),
  relationship: z.string().min(1).max(255).optional(),
  lease: z.string().min(1).max(64).optional().describe('An address or prefix, as on the page of the lease'),
  ...timeQuery,
})
export type DecisionQuery = z.infer<typeof DecisionQuery>

export const listDecisions = defineRoute({
  method: 'GET',
  path: '/decisions',
  permission: 'status.read',
  summary: 'Refusals to answer, failed allocations and rejected updates, newest first',
  description:
    'Alike ones are one record a minute, with their count, the first and the last time, and an example. Changes of state have ' +
    'a list of their own, `/relationships/{name}/transitions`. How much is kept is configured (`node.history.decisions`).',
  query: DecisionQuery,
  answer: DecisionPage,
})
