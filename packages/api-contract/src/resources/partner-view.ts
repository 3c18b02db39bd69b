/** What the partner says of itself, asked by this server over the private channel between the two; first-hand where failover is second-hand. */
import * as z from 'zod'
import { AnsweredClients, Count, FailoverState, Timestamp } from '../values.ts'

export const partnerChannelStates = ['not-asked-yet', 'answers', 'unusable', 'silent'] as const

/** Each part is null where the partner did not say it, or said it in a way that is not understood: it may be of another version. */
export const PartnerTold = z
  .object({
    version: z.string().nullable(),
    state: FailoverState.nullable(),
    stateSince: Timestamp.nullable(),
    answers: AnsweredClients.nullable(),
    communicationsOk: z.boolean().nullable(),
    lastHeardFromPartnerAt: Timestamp.nullable().describe('When it last heard this server, by its own clock'),
    partner: z
      .object({ state: FailoverState, since: Timestamp, startup: z.boolean() })
      .nullable()
      .describe('This server as it sees it; null: never heard, or not told'),
    drainingPools: z.array(z.string()).nullable().describe('Ids of the pools of the relationship that it drains'),
    updatesOwed: Count.nullable().describe('Leases whose news this server has not acknowledged to it'),
    stale: z.boolean().nullable().describe('Its data plane has not published for so long that this may not be true'),
    clockOffsetMs: z
      .number()
      .nullable()
      .describe('Its clock against that of this server, in the middle of the question; positive: it is behind'),
  })
  .meta({ id: 'PartnerTold' })
export type PartnerTold = z.infer<typeof PartnerTold>

export const PartnerView = z
  .object({
    serverName: z.string().describe('Who says it: the partner'),
    channel: z.object({
      state: z
        .enum(partnerChannelStates)
        .describe(
          '`unusable`: something answers there, but not as the partner should; `silent`: nothing answers in time',
        ),
      since: Timestamp,
      problem: z.string().nullable().describe('Why there is no usable answer'),
    }),
    asOf: Timestamp.nullable().describe(
      'When `told` was received, by the clock of this server; it does not go back. null: nothing was told yet',
    ),
    told: PartnerTold.nullable().describe('The last usable answer, kept while the partner is silent'),
  })
  .meta({ id: 'PartnerView' })
export type PartnerView = z.infer<typeof PartnerView>
