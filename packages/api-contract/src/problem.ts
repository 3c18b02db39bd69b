/** What every refused request answers (RFC 9457, `application/problem+json`). */
import * as z from 'zod'
import { FailoverState } from './values.ts'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** Closed list: the type of a problem is `urn:tandem:problem:` and one of these. */
export const problemKinds = [
  'invalid-request',
  'not-signed-in',
  'wrong-credentials',
  'code-not-good',
  'role-too-small',
  'scope-too-small',
  'password-change-required',
  'last-administrator',
  'foreign-origin',
  'not-found',
  'method-not-allowed',
  'refused',
  'exists-already',
  'set-up-already-done',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'answer-not-kept',
  'if-match-missing',
  'version-changed',
  'body-too-large',
  'unsupported-media-type',
  'too-many-attempts',
  'too-many-requests',
  'events-not-kept',
  'unavailable',
  'internal',
] as const

export type ProblemKind = (typeof problemKinds)[number]

/** Why a command was refused, by the engine but for the last ones. */
export const refusals = [
  'unknown-relationship',
  'state-changed',
  'state-does-not-allow',
  'partner-in-contact',
  'hears-no-client',
  'leases-may-be-missing',
  'down-since-impossible',
  'unknown-lease',
  'unknown-pool',
  'lease-not-quarantined',
  'lease-not-active',
  'lease-not-shared',
  'client-just-heard',
  'shutting-down',
  'partner-not-told',
  'changed-since-preview',
  'more-than-expected',
  'bulk-release-running',
  'bulk-release-ended',
  'table-comparison-running',
  'table-comparison-not-running',
  'nothing-to-repair',
  'would-undo-there',
  'partner-not-asked',
] as const

export const ProblemType = z.templateLiteral(['urn:tandem:problem:', z.enum(problemKinds)])

export const FieldProblem = z.object({
  field: z.string().describe('Where: `body.reason`, `query.limit`, `header.Idempotency-Key`'),
  message: z.string(),
})
export type FieldProblem = z.infer<typeof FieldProblem>

export const Problem = z
  .object({
    type: ProblemType,
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What went wrong, in a sentence'),
    remedy: z.string().describe('What to do about it, in a sentence'),
    instance: z.string().describe('Path of the request'),
    fields: z.array(FieldProblem).optional(),
    refusal: z.enum(refusals).optional().describe('Of a refused command'),
    currentState: FailoverState.optional().describe('Of a refused command: the state now'),
    oldestPosition: z
      .string()
      .optional()
      .describe('Of events that are not kept: the position before the oldest that is'),
    retryAfterSeconds: z.number().int().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' })
export type Problem = z.infer<typeof Problem>
