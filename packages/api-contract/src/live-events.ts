/** What the WebSocket says and hears. Each event carries the whole new representation, never a difference. */
import * as z from 'zod'
import { AuditEntry } from './resources/audit.ts'
import { Lease } from './resources/leases.ts'
import { PoolList } from './resources/pools.ts'
import { Relationship, Transition } from './resources/relationships.ts'
import { Server } from './resources/server.ts'
import { Count, LeaseState, Timestamp } from './values.ts'

export const LIVE_PATH = '/api/v1/live'

/** How long a client that was away may still resume. */
export const LIVE_HISTORY_SECONDS = 600

export const leaseChangeCauses = ['client', 'partner', 'expiry', 'acknowledged', 'balance', 'operator'] as const

/** Lease changes of one subnet, all of them, summed over about a second. */
export const LeasesSummary = z.object({
  subnetId: z.string(),
  activated: Count.describe('Became active'),
  renewed: Count.describe('Active before and after, of another client; a renewal is no change'),
  ended: Count.describe('Expired, released or declined'),
  other: Count.describe('Became available, or were brought back by an operator'),
})
export type LeasesSummary = z.infer<typeof LeasesSummary>

export const LiveEvent = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('server-changed'), server: Server }).describe('The server, as it is now'),
    z
      .object({ kind: z.literal('relationship-changed'), relationship: Relationship })
      .describe('One relationship, as it is now'),
    z
      .object({ kind: z.literal('transition'), transition: Transition })
      .describe('A change of state: each one comes, in order, also to who resumes or reads slowly'),
    z.object({ kind: z.literal('pools-changed'), pools: PoolList }).describe('All pools, as they are now'),
    z
      .object({ kind: z.literal('leases-summary'), subnets: z.array(LeasesSummary) })
      .describe('How many leases changed in about a second'),
    z
      .object({
        kind: z.literal('lease-changed'),
        lease: Lease,
        from: LeaseState.nullable(),
        cause: z.enum(leaseChangeCauses),
      })
      .describe(
        'One lease whose state or client changed, only to those who subscribed to single leases. Those of a gap are not kept, ' +
          'and of a flood only some come: the sum has them all',
      ),
    z.object({ kind: z.literal('audit'), entry: AuditEntry }).describe('An act of an operator, only to administrators'),
  ])
  .meta({ id: 'LiveEvent' })
export type LiveEvent = z.infer<typeof LiveEvent>
export type LiveEventKind = LiveEvent['kind']

/** From the server; the form `{event, data}` is that of the WebSocket adapter. */
export const LiveServerMessage = z.discriminatedUnion('event', [
  z
    .object({
      event: z.literal('hello'),
      data: z.object({
        epoch: z.string(),
        sequence: z.number().int(),
        serverName: z.string(),
        heartbeatSeconds: z.number(),
      }),
    })
    .describe('First after the upgrade: where the stream stands'),
  z
    .object({ event: z.literal('resumed'), data: z.object({ epoch: z.string(), fromSequence: z.number().int() }) })
    .describe('Every event after `fromSequence` follows'),
  z
    .object({
      event: z.literal('refetch'),
      data: z.object({ epoch: z.string(), sequence: z.number().int(), reason: z.string() }),
    })
    .describe('What was missed is not kept any more: ask for everything again; events go on from `sequence`'),
  z
    .object({ event: z.literal('heartbeat'), data: z.object({ at: Timestamp, sequence: z.number().int() }) })
    .describe('The connection is alive; more than two that do not come mean that it is not'),
  z
    .object({
      event: z.literal('change'),
      data: z.object({
        epoch: z.string(),
        sequence: z.number().int(),
        at: Timestamp,
        commitNumber: Count,
        change: LiveEvent,
      }),
    })
    .describe('Numbers grow, but not always by one: what a client may not see, or coalesced, is left out'),
  z
    .object({ event: z.literal('problem'), data: z.object({ detail: z.string(), remedy: z.string() }) })
    .describe('What was wrong with a message of the client'),
])
export type LiveServerMessage = z.infer<typeof LiveServerMessage>

/** From the client. */
export const LiveClientMessage = z.discriminatedUnion('event', [
  z
    .strictObject({
      event: z.literal('resume'),
      data: z.strictObject({ epoch: z.string().max(100), fromSequence: z.number().int().min(0) }),
    })
    .describe('After a reconnect: what I saw last'),
  z
    .strictObject({ event: z.literal('subscribe'), data: z.strictObject({ singleLeases: z.boolean() }) })
    .describe('Single leases as they change, and not only their sum; or no longer'),
])
export type LiveClientMessage = z.infer<typeof LiveClientMessage>

/** Why the server closed a live connection. */
export const LiveCloseCode = {
  shuttingDown: 1001,
  /** The server has as many live connections as it takes. */
  tooMany: 1013,
  sessionEnded: 4001,
  tooSlow: 4002,
  silent: 4003,
  wrongMessage: 4004,
} as const
