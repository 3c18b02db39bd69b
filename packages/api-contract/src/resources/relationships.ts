/** Failover relationships as this server sees them (RFC 8156 sections 6 and 8), and the one command on them. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { pageOf, pageQuery, timeQuery } from '../paging.ts'
import { AnsweredClients, ClientsNow, Count, FailoverRole, FailoverState, Headline, Timestamp } from '../values.ts'
import { PartnerView } from './partner-view.ts'

export const connectionPhases = [
  'waiting-to-dial',
  'dialling',
  'listening',
  'securing',
  'connecting',
  'established',
] as const

export const deadlineKinds = [
  'startup-ends',
  'recover-wait-ends',
  'auto-partner-down',
  'redial',
  'partner-pool-usable',
  'upddone-stall',
  'acknowledgement-stall',
] as const

export const Transition = z
  .object({
    id: z.string(),
    relationship: z.string(),
    at: Timestamp,
    from: FailoverState,
    to: FailoverState,
    cause: z.string(),
    rule: z.string().describe('Section that governs it, for example `RFC 8156 8.9.2`'),
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    operator: z.string().nullable(),
  })
  .meta({ id: 'Transition' })
export type Transition = z.infer<typeof Transition>

/** The partner as its last STATE message told it. */
export const Partner = z
  .object({
    state: FailoverState,
    since: Timestamp,
    startup: z.boolean().describe('It said that it is starting up'),
    partnerDownSince: Timestamp.nullable(),
  })
  .meta({ id: 'Partner' })
export type Partner = z.infer<typeof Partner>

export const CommandAllowance = z
  .object({
    allowed: z.boolean(),
    needsForce: z.boolean().describe('Only with `force: true`'),
    forceAdmits: z
      .enum(['partner-in-contact', 'hears-no-client', 'leases-may-be-missing'])
      .nullable()
      .describe('What you admit by `force: true`'),
    because: z.string().describe('In words, to be shown beside the button'),
  })
  .meta({ id: 'CommandAllowance' })
export type CommandAllowance = z.infer<typeof CommandAllowance>

/** What happens next. */
export const NextStep = z
  .object({
    what: z.string().describe('What will happen'),
    trigger: z.string().describe('What brings it about'),
    at: Timestamp.nullable().describe('When, if a clock decides'),
  })
  .meta({ id: 'NextStep' })
export type NextStep = z.infer<typeof NextStep>

export const Certificate = z
  .object({
    names: z.array(z.string()).describe('DNS names'),
    endsAt: Timestamp,
    fingerprint: z.string().describe('SHA-256'),
  })
  .meta({ id: 'Certificate' })
export type Certificate = z.infer<typeof Certificate>

export const Relationship = z
  .object({
    name: z.string(),
    role: FailoverRole,
    serverName: z.string(),
    partnerName: z.string(),
    partnerRole: FailoverRole,
    headline: Headline,
    clientsNow: ClientsNow,
    next: z.array(NextStep),
    notes: z.array(z.string()).describe('What surprises people in this situation'),
    state: FailoverState,
    stateSince: Timestamp,
    previousState: FailoverState.nullable(),
    partnerDownSince: Timestamp.nullable().describe(
      'In PARTNER-DOWN: since when the partner does not run; waits count from it',
    ),
    answers: AnsweredClients,
    activeStandby: z.boolean().describe('In NORMAL the secondary offers leases to new clients too'),
    partner: Partner.nullable().describe('null: never heard'),
    partnerConsoleUrl: z.string().nullable(),
    partnerView: PartnerView.nullable().describe(
      'What the partner says of itself over the private channel; null: none is configured',
    ),
    communicationsOk: z.boolean(),
    lastHeardFromPartnerAt: Timestamp.nullable(),
    connection: z.object({
      phase: z.enum(connectionPhases),
      since: Timestamp,
      secured: z.boolean(),
      transport: z.enum(['tls', 'insecure']),
      lastProblem: z.string().nullable(),
      certificates: z
        .object({
          own: Certificate.nullable(),
          partner: Certificate.nullable().describe('As it was last shown; null: no connection yet'),
          problem: z.string().nullable().describe('Why the files that lie there now cannot be used'),
        })
        .nullable()
        .describe('null: the transport is insecure'),
    }),
    partnerInformed: z.boolean().describe('The partner was told the present state on the present connection'),
    clockSkewMs: z
      .number()
      .nullable()
      .describe('Moving average over the last 16 messages of the connection; positive: the partner is behind'),
    unansweredClients: z
      .object({
        count: z.number().int(),
        alarmAt: z.number().int().nullable().describe('So many are an alarm; null: never'),
        alarm: z.boolean().describe('Perhaps the primary does not answer clients'),
      })
      .describe('On a secondary in NORMAL: clients that keep asking the primary in vain'),
    mcltSeconds: z.number(),
    keepaliveSeconds: z.number(),
    updatesOwed: Count.describe('Leases whose news the partner has not acknowledged'),
    oldestUpdateOwedSince: Timestamp.nullable().describe(
      'When the oldest change of a lease was made that the partner has not acknowledged, to the second: what it lags behind',
    ),
    updatesUnacked: Count.describe('Of these, sent and waiting for the acknowledgement'),
    partnerMaxUnackedUpdates: z.number().int().nullable(),
    messages: z
      .object({ received: z.record(z.string(), Count), sent: z.record(z.string(), Count) })
      .describe('Failover messages by type, for example BNDUPD, since this server started'),
    updatesRejected: z
      .array(z.object({ by: z.enum(['us', 'partner']), status: z.string(), count: Count }))
      .describe('Binding updates that this server or the partner refused, by status code, since this server started'),
    connectionChanges: z
      .record(z.string(), Count)
      .describe(
        'What became of connections since this server started: `established`, `lost`, `refused`, `dial-failed`, `rejected-peer`',
      ),
    resync: z
      .object({
        direction: z.enum(['receiving', 'sending']),
        done: Count.describe('Leases'),
        total: Count.nullable(),
      })
      .nullable(),
    deadlines: z.array(z.object({ kind: z.enum(deadlineKinds), at: Timestamp })),
    imbalances: z
      .array(
        z.object({
          pool: z.string(),
          direction: z.enum(['give', 'take-back']).describe('`give`: from the primary to the secondary'),
          leases: Count,
        }),
      )
      .nullable()
      .describe('What a rebalance would move, by pool; null: no pool is shared out between the servers'),
    drainingPools: z
      .array(z.string())
      .describe('Ids of the pools of this relationship that this server drains; the partner has to be told by itself'),
    handedOver: z
      .object({ since: Timestamp, operator: z.string(), reason: z.string() })
      .nullable()
      .describe('For maintenance: this server answers nobody, its partner serves, until it is taken back'),
    commands: z.object({
      declarePartnerDown: CommandAllowance,
      handOver: CommandAllowance,
      takeBack: CommandAllowance,
      resync: CommandAllowance,
      rebalance: CommandAllowance,
    }),
    transitions: z.array(Transition).describe('The last 20, newest first'),
    commitNumber: Count.describe('Up to which this is true'),
    publishedAt: Timestamp,
  })
  .meta({ id: 'Relationship' })
export type Relationship = z.infer<typeof Relationship>

export const RelationshipList = z.object({ items: z.array(Relationship) }).meta({ id: 'RelationshipList' })
export type RelationshipList = z.infer<typeof RelationshipList>

export const DeclarePartnerDown = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .describe('Why you are sure that the partner does not run; goes to the audit'),
    seenState: FailoverState.describe('The state that you saw when you decided; another state now refuses the command'),
    force: z
      .boolean()
      .default(false)
      .describe('Go on although the partner is in contact, or although leases may be missing here (in RECOVER)'),
    downSince: Timestamp.optional().describe(
      'Since when you know that the partner has not been running: the waits count from then. Absent: from now. ' +
        'Not in the future, and not before the partner was last heard',
    ),
  })
  .meta({ id: 'DeclarePartnerDown' })
export type DeclarePartnerDown = z.infer<typeof DeclarePartnerDown>

/** Of a command on a relationship that needs nothing else. */
export const ServiceCommand = z
  .strictObject({ reason: z.string().trim().min(3).max(500).describe('Why; goes to the audit') })
  .meta({ id: 'ServiceCommand' })
export type ServiceCommand = z.infer<typeof ServiceCommand>

const params = z.object({ name: z.string().min(1).max(255) })

export const TransitionPage = pageOf(Transition).meta({ id: 'TransitionPage' })
export type TransitionPage = z.infer<typeof TransitionPage>

export const listRelationships = defineRoute({
  method: 'GET',
  path: '/relationships',
  permission: 'status.read',
  summary: 'All relationships of this server',
  answer: RelationshipList,
})

export const getRelationship = defineRoute({
  method: 'GET',
  path: '/relationships/:name',
  permission: 'status.read',
  summary: 'One relationship',
  params,
  answer: Relationship,
})

export const listTransitions = defineRoute({
  method: 'GET',
  path: '/relationships/:name/transitions',
  permission: 'status.read',
  summary: 'History of the states of this end, newest first',
  params,
  query: z.strictObject({
    ...pageQuery,
    ...timeQuery,
    state: FailoverState.optional().describe('Into this state'),
  }),
  answer: TransitionPage,
})

export const declarePartnerDown = defineRoute({
  method: 'POST',
  path: '/relationships/:name/partner-down',
  permission: 'relationships.command',
  summary: 'Declare the partner down and serve alone',
  description:
    'You must be sure that the partner does not run: two servers that both serve alone give one address to two clients. ' +
    'Refused (409, with `refusal` and `currentState`) where the state does not allow it, where it is not `seenState`, ' +
    'while the partner is in contact unless `force` is true, and where `downSince` cannot be.',
  params,
  body: DeclarePartnerDown,
  answer: Relationship,
})

const serviceCommand = { method: 'POST', permission: 'relationships.command', params, body: ServiceCommand } as const

export const handOver = defineRoute({
  ...serviceCommand,
  path: '/relationships/:name/hand-over',
  summary: 'Hand service over to the partner, for maintenance',
  description:
    'The partner is told of every lease, then this server says good-bye (DISCONNECT, ServerShuttingDown) and answers nobody ' +
    'until it is taken back, also after a restart. Refused (409) unless both are in NORMAL and in contact, and where the ' +
    'partner does not acknowledge everything within a second (`partner-not-told`): service then goes on here.',
  answer: Relationship,
})

export const takeBack = defineRoute({
  ...serviceCommand,
  path: '/relationships/:name/take-back',
  summary: 'Take service back after a hand-over',
  description: 'This server looks for its partner, as after a start, and then serves again.',
  answer: Relationship,
})

export const resync = defineRoute({
  ...serviceCommand,
  path: '/relationships/:name/resync',
  summary: 'Fetch every lease from the partner (UPDREQALL)',
  description:
    'Clients are served meanwhile; of two records of a lease the newer one stays. `resync` of the relationship tells how far ' +
    'it is. Refused (409) unless both are in NORMAL and in contact.',
  answer: Relationship,
})

export const rebalance = defineRoute({
  ...serviceCommand,
  path: '/relationships/:name/rebalance',
  summary: 'Share out the pools exactly as configured',
  description:
    'Free leases of proportional pools change sides, as `imbalances` tells before. Refused (409) on a secondary, and unless ' +
    'both are in NORMAL and in contact.',
  answer: Relationship,
})
