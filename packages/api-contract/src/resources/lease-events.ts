/** What this server did for clients, for machines that act on each of it: route injectors, inventories, firewalls. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../paging.ts'
import { Count, LeaseKind, Timestamp } from '../values.ts'
import { LeaseClient, RelayHop } from './leases.ts'

export const leaseEventNames = ['assigned', 'renewed', 'ended'] as const

export const LeaseEventName = z
  .enum(leaseEventNames)
  .meta({ id: 'LeaseEventName', description: 'What became of the lease of a client' })
export type LeaseEventName = z.infer<typeof LeaseEventName>

export const LEASE_EVENT_WAIT_SECONDS_MAX = 30

/** Of a storage, a commit in it, and an event in that. */
export const LeaseEventPosition = z
  .string()
  .regex(/^[0-9a-f]{8}-(0|[1-9][0-9]{0,15})(-(0|[1-9][0-9]{0,8}))?$/, 'Write a position as an answer had it')
  .meta({
    id: 'LeaseEventPosition',
    description:
      'A place in the lease events of one server: `1f0c22ab-9068810-0` is one event, `1f0c22ab-9068810` all of a commit and before',
  })

export const LeaseEvent = z
  .object({
    id: LeaseEventPosition.describe('Of no other event of any server, and its position: the same whenever it is told'),
    at: Timestamp,
    event: LeaseEventName,
    reason: z
      .enum(['client', 'expired', 'released', 'declined', 'operator'])
      .describe('`client`: it asked and was given; the others say how the lease ended'),
    kind: LeaseKind,
    lease: z.string().describe('`2001:db8::1`, or `2001:db8::/56`'),
    subnetId: z.string(),
    relationship: z.string().nullable(),
    client: LeaseClient.nullable(),
    validUntil: Timestamp.nullable().describe('When it ends unless the client renews it; null: it has ended'),
    clientHeardAt: Timestamp.nullable().describe(
      'When either server last heard the client, as far as this one knows. Of two events of one lease the one with the later time counts',
    ),
    nextHop: z
      .string()
      .nullable()
      .describe(
        'The address that the relay beside the client heard it from, mostly link-local: next hop of a delegated prefix. null: no relay, or not known',
      ),
    relays: z
      .array(RelayHop)
      .describe(
        'Of the last message of the client: the relay that the server heard first, the one beside the client last',
      ),
    server: z.string().describe('The server that tells it'),
    commitNumber: Count,
  })
  .meta({ id: 'LeaseEvent' })
export type LeaseEvent = z.infer<typeof LeaseEvent>

export const LeaseEventPage = z
  .object({
    items: z.array(LeaseEvent).describe('The oldest first'),
    next: LeaseEventPosition.describe('Send it as `after`; it also moves on where the filter let nothing through'),
    more: z.boolean().describe('There is more already: ask again at once'),
  })
  .meta({ id: 'LeaseEventPage' })
export type LeaseEventPage = z.infer<typeof LeaseEventPage>

export const LeaseEventQuery = z.strictObject({
  after: z
    .union([z.literal('present'), LeaseEventPosition])
    .optional()
    .describe(
      '`next` of the answer before; `present`: only where the events stand now; absent: from the oldest that is kept',
    ),
  subnet: z.string().trim().min(1).max(64).optional().describe('The id of a subnet'),
  kind: LeaseKind.optional(),
  event: LeaseEventName.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  waitSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(LEASE_EVENT_WAIT_SECONDS_MAX)
    .default(0)
    .describe('Where there is nothing yet, wait so long for the first'),
})
export type LeaseEventQuery = z.infer<typeof LeaseEventQuery>

export const listLeaseEvents = defineRoute({
  method: 'GET',
  path: '/lease-events',
  permission: 'leases.read',
  summary: 'What this server did for clients, the oldest first, from a position on',
  description:
    'Each address or prefix that this server assigned or renewed, or whose end it decided, in the order of its commits and from ' +
    'durable storage: none is missing after an outage of either side. What the partner did, the partner tells: ask both. ' +
    'To begin, ask with `after=present`, read the list of leases, and go on from `next`. Events that are older than what is kept ' +
    '(`node.history.events`) are answered with 410 and `events-not-kept`.',
  query: LeaseEventQuery,
  answer: LeaseEventPage,
})
