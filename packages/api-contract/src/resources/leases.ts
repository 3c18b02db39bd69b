/** Leases: one row per address or delegated prefix that has a record (RFC 8156 section 7.3). */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { pageOf, pageQuery } from '../paging.ts'
import { Count, FailoverState, LeaseKind, LeaseState, Timestamp, Version } from '../values.ts'

export const LeaseClient = z.object({
  duid: z.string().describe('Hexadecimal, colons between octets'),
  iaType: z.enum(['IA_NA', 'IA_TA', 'IA_PD']),
  iaid: z.number().int(),
})

/** Why the client may use the lease for so long: inputs, rule and section. */
export const LeaseLifetime = z
  .object({
    grantedBy: z.enum(['this-server', 'partner']),
    at: Timestamp.describe('When it was granted or renewed'),
    validSeconds: z.number(),
    sentence: z.string().describe('The same in words'),
    desiredSeconds: z
      .number()
      .nullable()
      .describe('What configuration alone would have given; null: the partner granted'),
    limitedBy: z
      .enum(['configuration', 'mclt', 'drain'])
      .nullable()
      .describe(
        '`mclt`: shortened to the maximum client lead time beyond what the partner had acknowledged; `drain`: the pool is being ' +
          'drained, and what had been promised before is not extended',
      ),
    mcltSeconds: z.number().nullable().describe('null: no bound was in force'),
    ackedPartnerLifetime: Timestamp.nullable().describe('What the partner had acknowledged until then'),
    remainingSeconds: z
      .number()
      .nullable()
      .describe('What was left of it; the maximum client lead time is added to it'),
    state: FailoverState.nullable().describe('Of this server when it granted'),
    rule: z.string().nullable().describe('Section that governs it, for example `RFC 8156 4.4`'),
  })
  .meta({ id: 'LeaseLifetime' })
export type LeaseLifetime = z.infer<typeof LeaseLifetime>

/** One relay between the client and this server. What it added is text where it is text, else octets like `00:1a:2b`. */
export const RelayHop = z
  .object({
    address: z.string().describe('From which the server, or the relay before it, heard this one'),
    linkAddress: z.string().describe('By which it names the link of the client; `::`: it does not'),
    interfaceId: z.string().nullable(),
    remoteId: z.string().nullable(),
    remoteIdEnterprise: z.number().int().nullable().describe('The enterprise number that comes with `remoteId`'),
    subscriberId: z.string().nullable(),
  })
  .meta({ id: 'RelayHop' })
export type RelayHop = z.infer<typeof RelayHop>

export const Lease = z
  .object({
    lease: z.string().describe('`2001:db8::1`, or `2001:db8::/56`'),
    key: z.string().describe('The same in a URL: a slash becomes a hyphen, `2001:db8::-56`'),
    kind: LeaseKind,
    subnetId: z.string(),
    relationship: z.string().nullable(),
    state: LeaseState,
    stateSince: Timestamp,
    stateExpiresAt: Timestamp.nullable().describe('Of an active lease: the end of the valid lifetime of the client'),
    client: LeaseClient.nullable(),
    t1Seconds: z.number(),
    t2Seconds: z.number(),
    preferredSeconds: z.number(),
    validSeconds: z.number(),
    lifetime: LeaseLifetime.nullable().describe('Why for so long; null where nobody has it, or it was not recorded'),
    clientHeardAt: Timestamp.nullable().describe(
      'client-last-transaction-time: when this server last heard the client',
    ),
    partnerHeardClientAt: Timestamp.nullable().describe('partner-raw-clt-time: when the partner last heard the client'),
    expirationTime: Timestamp.nullable().describe('The most that this server acknowledged to the partner'),
    ackedPartnerLifetime: Timestamp.nullable().describe('The most that the partner acknowledged to this server'),
    partnerLifetime: Timestamp.nullable().describe('What is to be, or was, told to the partner'),
    owedToPartner: z.boolean().describe('The partner has still to be told, or has not acknowledged'),
    clientHostName: z.string().nullable(),
    relays: z
      .array(RelayHop)
      .describe(
        'Of the last message of the client: the relay that this server heard first, the one beside the client last',
      ),
    relayData: z.string().nullable().describe('What `relays` was read from, in hexadecimal'),
    version: Version,
  })
  .meta({ id: 'Lease' })
export type Lease = z.infer<typeof Lease>

/** `2001:db8::/56` as it stands in a URL. */
export function leaseKeyOf(lease: string): string {
  return lease.replace('/', '-')
}

export const LeasePage = pageOf(Lease)
  .extend({
    total: z
      .object({ count: Count, exact: z.boolean().describe('false: at least so many') })
      .describe('Counted up to 10,000'),
  })
  .meta({ id: 'LeasePage' })
export type LeasePage = z.infer<typeof LeasePage>

/** Orders of the list; with a hyphen the other way round. */
export const leaseSorts = ['lease', '-lease', 'stateSince', '-stateSince', 'stateExpiresAt', '-stateExpiresAt'] as const
export const LeaseSort = z.enum(leaseSorts)
export type LeaseSort = z.infer<typeof LeaseSort>

export const LeaseQuery = z.strictObject({
  ...pageQuery,
  sort: LeaseSort.default('lease').describe(
    'By address; by when the lease came into its state; or by when it ends, of at most 10,000 leases that are found (422 ' +
      'beyond), those without an end last. With a hyphen the other way round, for example `-stateSince`: what changed last comes ' +
      'first. A renewal changes the end and not the state.',
  ),
  address: z.string().trim().min(1).max(64).optional().describe('An address or prefix; of a prefix, all within it'),
  duid: z
    .string()
    .trim()
    .regex(/^[0-9a-fA-F:-]{2,400}$/, 'Write hexadecimal digits, two for each octet; colons may stand between')
    .optional()
    .describe('Any part of a client DUID'),
  subnet: z.string().trim().min(1).max(64).optional().describe('The id of a subnet'),
  state: LeaseState.optional(),
  kind: LeaseKind.optional(),
  relationship: z.string().min(1).max(255).optional(),
  iaid: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  hostName: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,253}$/, 'Write a host name, or a part of one, in ASCII')
    .optional()
    .describe('Any part of the host name of the client; of several labels each is looked for'),
  relay: z
    .string()
    .trim()
    .regex(/^[\x20-\x7e]{1,200}$/, 'Write what the relay says in ASCII, or octets as 00:1a:2b')
    .optional()
    .describe('Any part of what the relay said, for example its interface-id: as text, or as octets `00:1a:2b`'),
})
export type LeaseQuery = z.infer<typeof LeaseQuery>

export const listLeases = defineRoute({
  method: 'GET',
  path: '/leases',
  permission: 'leases.read',
  summary: 'Leases, in the order of their addresses or another',
  query: LeaseQuery,
  answer: LeasePage,
})

/** The columns of the exported leases, in this order. */
export const leaseExportColumns = [
  'lease',
  'kind',
  'state',
  'stateSince',
  'stateExpiresAt',
  'clientDuid',
  'iaType',
  'iaid',
  'hostName',
  'subnetId',
  'relationship',
  'clientHeardAt',
  'partnerHeardClientAt',
  'owedToPartner',
  'relayAddress',
  'linkAddress',
  'interfaceId',
  'remoteId',
] as const

export const exportLeases = defineRoute({
  method: 'GET',
  path: '/leases.csv',
  permission: 'leases.read',
  summary: 'All leases that a filter finds, as a file of comma-separated values',
  description:
    'RFC 4180, with a header line; a field that a spreadsheet would take for a formula begins with an apostrophe. Read piece by ' +
    'piece in the order of the addresses: a lease that changes meanwhile is in it as it was or as it is. The relay is the one ' +
    'beside the client.',
  query: LeaseQuery.omit({ limit: true, cursor: true, sort: true }),
  answerText: 'text/csv',
})

export const getLease = defineRoute({
  method: 'GET',
  path: '/leases/:address',
  permission: 'leases.read',
  summary: 'One lease by its address or prefix',
  description: 'A delegated prefix is written with a hyphen, `2001:db8::-56`; `2001:db8::%2F56` is understood too.',
  params: z.object({ address: z.string().min(1).max(64) }),
  answer: Lease,
  versioned: true,
})

/** The same lease in the partner's words; what it does not say, or says in a way that is not understood, is absent. */
export const PartnerLeaseRecord = Lease.pick({
  state: true,
  stateSince: true,
  stateExpiresAt: true,
  client: true,
  preferredSeconds: true,
  validSeconds: true,
  clientHeardAt: true,
  expirationTime: true,
  ackedPartnerLifetime: true,
  partnerLifetime: true,
  owedToPartner: true,
})
  .partial()
  .meta({ id: 'PartnerLeaseRecord' })
export type PartnerLeaseRecord = z.infer<typeof PartnerLeaseRecord>

export const PartnerLease = z
  .object({
    serverName: z.string().describe('Who says it: the partner'),
    outcome: z
      .enum(['told', 'no-record', 'unavailable'])
      .describe('`no-record`: it answers, and has no record of this lease; `unavailable`: it could not be asked'),
    problem: z.string().nullable().describe('Why it could not be asked'),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
    record: PartnerLeaseRecord.nullable(),
  })
  .meta({ id: 'PartnerLease' })
export type PartnerLease = z.infer<typeof PartnerLease>

export const getPartnerLease = defineRoute({
  method: 'GET',
  path: '/leases/:address/partner',
  permission: 'leases.read',
  summary: 'The same lease in the words of the partner, asked now over the private channel',
  description: 'Only for a lease of a relationship that has a record here. The answer takes three seconds at most.',
  params: z.object({ address: z.string().min(1).max(64) }),
  answer: PartnerLease,
})

export const ResetLease = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .describe('How you know that nothing on the link uses the address; goes to the audit'),
  })
  .meta({ id: 'ResetLease' })
export type ResetLease = z.infer<typeof ResetLease>

export const resetLease = defineRoute({
  method: 'POST',
  path: '/leases/:address/reset',
  permission: 'leases.command',
  summary: 'Bring a quarantined (declined) lease back into use',
  description:
    'It becomes `reset`, which is told to the partner, and is free after the acknowledgement; in PARTNER-DOWN after the ' +
    'maximum client lead time. Refused (409, with `refusal`) for a lease that is not `abandoned`, and while this server ' +
    'starts, recovers or compares its leases. With If-Match it is also refused (412) if the lease has changed meanwhile.',
  params: z.object({ address: z.string().min(1).max(64) }),
  body: ResetLease,
  answer: Lease,
  versioned: true,
  ifMatch: 'optional',
})

export const ReleaseLease = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .describe('How you know that the client is gone and will not use the lease any more; goes to the audit'),
  })
  .meta({ id: 'ReleaseLease' })
export type ReleaseLease = z.infer<typeof ReleaseLease>

export const releaseLease = defineRoute({
  method: 'POST',
  path: '/leases/:address/release',
  permission: 'leases.command',
  summary: 'End a lease that is in use, because its client is gone',
  description:
    'The client is not told: one that is there after all goes on using the lease until it renews or its time is over, while ' +
    'the lease may be given to another. It becomes `reset`, which is told to the partner, and is free after the ' +
    'acknowledgement; in PARTNER-DOWN after the maximum client lead time and what the partner may have promised. Refused ' +
    '(409, with `refusal`) for a lease that is not `active`, within six seconds of the last word of its client, and while this server starts, recovers or compares its leases. ' +
    'With If-Match it is also refused (412) if the lease has changed meanwhile, by a renewal of its client above all.',
  params: z.object({ address: z.string().min(1).max(64) }),
  body: ReleaseLease,
  answer: Lease,
  versioned: true,
  ifMatch: 'optional',
})

export const ResendLease = z
  .strictObject({
    reason: z.string().trim().min(3).max(500).describe('Goes to the audit'),
  })
  .meta({ id: 'ResendLease' })
export type ResendLease = z.infer<typeof ResendLease>

export const resendLease = defineRoute({
  method: 'POST',
  path: '/leases/:address/resend',
  permission: 'leases.command',
  summary: 'Tell the partner of a lease again, because its record is another one',
  description:
    'The partner is asked for its record first, and told only where that makes it more careful: a lease that is in use here and not ' +
    'there, or the same with other promises. It decides by the rules of RFC 8156 section 7.5. Refused (409, with `refusal`) where it ' +
    'has another client or a lease in use that is over here, where it cannot be asked, for a lease of which no partner is told, and ' +
    'while this server starts, recovers or compares its leases.',
  params: z.object({ address: z.string().min(1).max(64) }),
  body: ResendLease,
  answer: Lease,
  versioned: true,
  ifMatch: 'optional',
})

export const LeaseChange = z
  .object({
    id: z.string(),
    at: Timestamp,
    from: LeaseState.nullable().describe('null: it had no record'),
    to: LeaseState,
    cause: z
      .enum(['client', 'partner', 'expiry', 'acknowledged', 'balance', 'operator'])
      .describe(
        '`client`: this server answered one; `partner`: the partner told it; `acknowledged`: the partner agreed',
      ),
    clientDuid: z.string().nullable(),
    expiresAt: Timestamp.nullable().describe('Of an active lease: the end of the valid lifetime'),
    commitNumber: Count,
  })
  .meta({ id: 'LeaseChange' })
export type LeaseChange = z.infer<typeof LeaseChange>

export const LeaseChangePage = pageOf(LeaseChange).meta({ id: 'LeaseChangePage' })
export type LeaseChangePage = z.infer<typeof LeaseChangePage>

export const listLeaseChanges = defineRoute({
  method: 'GET',
  path: '/leases/:address/history',
  permission: 'leases.read',
  summary: 'Changes of status or client of one lease, newest first',
  description: 'Renewals are no changes. How much is kept is configured (`node.history.leases`).',
  params: z.object({ address: z.string().min(1).max(64) }),
  query: z.strictObject({ ...pageQuery }),
  answer: LeaseChangePage,
})
