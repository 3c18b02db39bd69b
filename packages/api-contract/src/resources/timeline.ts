/** What happened to a relationship on both servers: changes of state, commands of operators, configurations and starts, on one axis of time. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { FailoverState, Timestamp } from '../values.ts'
import { AuditEntry } from './audit.ts'
import { Transition } from './relationships.ts'

/** Of one server in one stretch; of more, the newest are told. */
export const TIMELINE_ENTRIES_MAX = 500
const TIMELINE_ENTRIES_DEFAULT = 200

const common = {
  id: z.string().describe('Among those of its server'),
  serverName: z.string().describe('To whom it happened, and by whose clock'),
  at: Timestamp,
}

export const TimelineEntry = z
  .discriminatedUnion('kind', [
    z
      .object({
        ...common,
        kind: z.literal('state-change'),
        ...Transition.omit({ id: true, at: true, relationship: true }).shape,
      })
      .describe('A change of state, with its cause and the rule that governs it'),
    z
      .object({
        ...common,
        kind: z.literal('command'),
        ...AuditEntry.pick({ action: true, target: true, operator: true, reason: true, outcome: true, detail: true })
          .shape,
      })
      .describe('What an operator commanded of the relationship or of one of its pools, and what came of it'),
    z
      .object({
        ...common,
        kind: z.literal('configuration'),
        revision: z.number().int().describe('Counted by its server'),
        operator: z.string().describe('Who brought it'),
        reason: z.string(),
      })
      .describe('A configuration that was not the one before'),
    z
      .object({
        ...common,
        kind: z.literal('start'),
        version: z.string(),
        ranUntil: Timestamp.nullable().describe(
          'The run before ended then or somewhat earlier; null: there was none, or its storage is lost',
        ),
      })
      .describe('The server was started: between `ranUntil` and `at` it did not run'),
  ])
  .meta({ id: 'TimelineEntry' })
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const TimelineServer = z
  .object({
    serverName: z.string(),
    outcome: z.enum(['told', 'unavailable']).describe('`unavailable`: the partner could not be asked'),
    problem: z.string().nullable().describe('Why it could not be asked'),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
    stateBefore: FailoverState.nullable().describe(
      'In which it was when the entries begin; null: nothing is known of before',
    ),
    completeFrom: Timestamp.nullable().describe(
      'Since when every entry is told, where the stretch had more of them; ask for a stretch that ends here. null: all are told',
    ),
  })
  .meta({ id: 'TimelineServer' })
export type TimelineServer = z.infer<typeof TimelineServer>

export const Timeline = z
  .object({
    relationship: z.string(),
    from: Timestamp,
    to: Timestamp,
    servers: z.array(TimelineServer).describe('This server first, then its partner'),
    items: z.array(TimelineEntry).describe('Of both servers, newest first'),
  })
  .meta({ id: 'Timeline' })
export type Timeline = z.infer<typeof Timeline>

export const TimelineQuery = z.strictObject({
  from: Timestamp.optional().describe('A day before `to` if it is absent'),
  to: Timestamp.optional().describe('Now if it is absent'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(TIMELINE_ENTRIES_MAX)
    .default(TIMELINE_ENTRIES_DEFAULT)
    .describe('Of each server'),
})
export type TimelineQuery = z.infer<typeof TimelineQuery>

export const getTimeline = defineRoute({
  method: 'GET',
  path: '/relationships/:name/timeline',
  permission: 'status.read',
  summary: 'What happened to the relationship on both servers in a stretch of time',
  description:
    'The partner is asked now, over the private channel; without it the entries of this server are told alone, and `servers` says why. ' +
    'Each server dates by its own clock: `clockOffsetMs` of the partner’s view says how far they are apart.',
  params: z.object({ name: z.string().min(1).max(255) }),
  query: TimelineQuery,
  answer: Timeline,
})
