/** This server: who it is, what it listens on, what it counted. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { pageOf } from '../paging.ts'
import { ClientsNow, Count, Headline, Timestamp } from '../values.ts'
import { HistoryQuery, HistoryStep } from './history-steps.ts'

/** Counted since the process started. */
export const Counters = z
  .object({
    datagramsReceived: Count,
    datagramsSent: Count,
    datagramsUnanswered: z.record(z.string(), Count).describe('By reason'),
    receivedByType: z.record(z.string(), Count).describe('By message type, for example SOLICIT'),
    sentByType: z.record(z.string(), Count),
    framesReceived: Count,
    framesSent: Count,
    framesMalformed: Count,
    commits: Count,
    commitLatencyMsMedian: z.number(),
    commitLatencyMsMax: z.number(),
  })
  .meta({ id: 'Counters' })
export type Counters = z.infer<typeof Counters>

export const Listener = z
  .object({
    purpose: z.enum(['clients', 'partner', 'console', 'channel']),
    at: z.string().describe('Interface, or address and port'),
    detail: z.string().describe('In words, for example `multicast on this link`'),
    problem: z.string().nullable().describe('Why nothing is heard there now'),
  })
  .meta({ id: 'Listener' })
export type Listener = z.infer<typeof Listener>

export const ConsoleCertificate = z
  .object({
    fingerprint: z.string().describe('SHA-256 as browsers show it: upper-case hexadecimal digits with colons'),
    names: z.array(z.string()).describe('Host names and addresses that it is for'),
    endsAt: Timestamp,
    selfMade: z.boolean().describe('Made by the server itself: known by its fingerprint, not by an authority'),
  })
  .meta({ id: 'ConsoleCertificate' })
export type ConsoleCertificate = z.infer<typeof ConsoleCertificate>

export const Server = z
  .object({
    name: z.string(),
    version: z.string(),
    duid: z.string().describe('Hexadecimal'),
    headline: Headline.describe('Over all relationships: the worst'),
    clientsNow: ClientsNow,
    traffic: z.object({
      windowSeconds: z.number().describe('What the two counts are counted over; shorter just after the start'),
      answered: Count.describe('Datagrams sent to clients and relays'),
      unanswered: Count.describe('Datagrams that got no answer and were not the partner’s to answer'),
    }),
    startedAt: Timestamp,
    uptimeSeconds: z.number().int(),
    now: Timestamp.describe('Clock of the server when it answered'),
    commitNumber: Count.describe('Up to which this is true'),
    publishedAt: Timestamp.describe('When the data plane last published'),
    stale: z.boolean().describe('The data plane has not published for so long that this may not be true any more'),
    epoch: z.string().describe('Changes with each start; as in the live events'),
    warnings: z.array(z.string()),
    consoleCertificate: ConsoleCertificate.nullable().describe('null: plain HTTP, on loopback only'),
    listeners: z.array(Listener),
    counters: Counters,
    configuration: z.object({
      revision: z.number().int(),
      sha256: z.string(),
      file: z.string(),
    }),
    relationships: z.array(z.string()).describe('Names'),
  })
  .meta({ id: 'Server' })
export type Server = z.infer<typeof Server>

export const getServer = defineRoute({
  method: 'GET',
  path: '/server',
  permission: 'status.read',
  summary: 'This server, its listeners, counters and warnings',
  answer: Server,
})

/** What came and went in the step that ends at `at`. */
export const TrafficPoint = z
  .object({
    at: Timestamp.describe('When the step ended'),
    coveredSeconds: z
      .number()
      .describe('How much of the step was counted: less when the server did not run all the time'),
    requests: Count.describe('Datagrams of clients and relays'),
    replies: Count.describe('Datagrams sent to clients and relays'),
    unanswered: Count.describe('Datagrams that got no answer and were not the partner’s to answer'),
  })
  .meta({ id: 'TrafficPoint' })
export type TrafficPoint = z.infer<typeof TrafficPoint>

export const TrafficHistory = pageOf(TrafficPoint).extend({ step: HistoryStep }).meta({ id: 'TrafficHistory' })
export type TrafficHistory = z.infer<typeof TrafficHistory>

export const listTraffic = defineRoute({
  method: 'GET',
  path: '/server/traffic',
  permission: 'status.read',
  summary: 'What clients asked this server and were answered over time, newest first',
  description: 'A step in which the server did not run has no point, and one that has not ended none yet.',
  query: HistoryQuery,
  answer: TrafficHistory,
})
