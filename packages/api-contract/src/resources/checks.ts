/** What both servers find when they look at themselves and at what lies between them: clocks, links, certificates, versions, configuration. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Timestamp } from '../values.ts'

export const checkSubjects = [
  'data-plane',
  'client-listener',
  'console-certificate',
  'configuration-file',
  'partner-link',
  'partner-certificates',
  'clock',
  'private-channel',
  'version',
  'configuration-match',
  'leases-match',
  'accounts',
  'rejected-updates',
  'unanswered-clients',
] as const

/** From best to worst. */
export const checkOutcomes = ['good', 'unknown', 'warning', 'bad'] as const
export const CheckOutcome = z.enum(checkOutcomes)
export type CheckOutcome = z.infer<typeof CheckOutcome>

export const Check = z
  .object({
    subject: z.enum(checkSubjects),
    serverName: z.string().describe('Who looked'),
    relationship: z.string().nullable().describe('null: of the whole server'),
    outcome: CheckOutcome.describe('`unknown`: it could not be looked at now'),
    what: z.string().describe('What was looked at, for example `Clients on eth0 port 547`'),
    finding: z.string().describe('In words'),
    remedy: z.string().nullable().describe('What to do; null: nothing'),
  })
  .meta({ id: 'Check' })
export type Check = z.infer<typeof Check>

export const CheckedServer = z
  .object({
    serverName: z.string(),
    outcome: z.enum(['told', 'unavailable']).describe('`unavailable`: the partner could not be asked'),
    problem: z.string().nullable().describe('Why it could not be asked'),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
  })
  .meta({ id: 'CheckedServer' })
export type CheckedServer = z.infer<typeof CheckedServer>

export const CheckList = z
  .object({
    servers: z.array(CheckedServer).describe('This server first, then its partners'),
    items: z.array(Check).describe('The worst first'),
  })
  .meta({ id: 'CheckList' })
export type CheckList = z.infer<typeof CheckList>

export const listChecks = defineRoute({
  method: 'GET',
  path: '/checks',
  permission: 'status.read',
  summary: 'What both servers find when they look at themselves and at what lies between them, looked at now',
  description:
    'Clocks, sockets for clients, the failover link, certificates, versions, configurations, accounts. Partners are asked over the private ' +
    'channel. The answer takes some seconds at most.',
  answer: CheckList,
})
