/** Where the partner has other records of leases than this server: asked of it by hashes, for as many as a page shows. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { Timestamp } from '../values.ts'

/** At once: as many as one page of the console, and more. */
export const COMPARED_LEASES_MAX = 100

const LEASE_LENGTH_MAX = 64

/** What is wrong is said of the parameter as a whole, as it was sent. */
const keys = z
  .string()
  .min(1)
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine((all) => all.length <= COMPARED_LEASES_MAX, `Ask for ${COMPARED_LEASES_MAX} leases at most at once`)
  .refine((all) => !all.includes(''), 'An address or prefix is missing between two commas')
  .refine(
    (all) => all.every(({ length }) => length <= LEASE_LENGTH_MAX),
    `Each is an address or prefix, of ${LEASE_LENGTH_MAX} characters at most`,
  )

export const LeaseComparison = z
  .object({
    key: z.string().describe('As `key` of the lease'),
    relationship: z.string().nullable(),
    outcome: z
      .enum(['agrees', 'differs', 'no-record', 'owed', 'unavailable', 'no-partner'])
      .describe(
        '`agrees`: state, client and what one counts on of the other are the same; `no-record`: the partner has none, though it ' +
          'should; `owed`: not compared, since one has still to tell the other of it; `unavailable`: the partner could not be asked',
      ),
    owedBy: z
      .enum(['this-server', 'partner', 'both'])
      .nullable()
      .describe('Only where the outcome is `owed`; null there: it changed while the partner was asked'),
  })
  .meta({ id: 'LeaseComparison' })
export type LeaseComparison = z.infer<typeof LeaseComparison>

export const ComparedPartner = z
  .object({
    relationship: z.string(),
    serverName: z.string(),
    asOf: Timestamp.describe('When it was asked, by the clock of this server'),
    problem: z.string().nullable().describe('Why it could not be asked'),
  })
  .meta({ id: 'ComparedPartner' })
export type ComparedPartner = z.infer<typeof ComparedPartner>

export const LeaseComparisons = z
  .object({
    items: z.array(LeaseComparison).describe('In the order asked for; without those that have no record here'),
    partners: z.array(ComparedPartner).describe('One for each relationship of these leases'),
  })
  .meta({ id: 'LeaseComparisons' })
export type LeaseComparisons = z.infer<typeof LeaseComparisons>

export const compareLeases = defineRoute({
  method: 'GET',
  path: '/leases/comparison',
  permission: 'leases.read',
  summary: 'Whether the partner has the same records of these leases, asked now by hashes over the private channel',
  description:
    'Of leases that this server has records of; what only the partner has is not found. The answer takes five seconds at most; ' +
    '`GET /leases/:address/partner` tells what is different.',
  query: z.strictObject({
    leases: keys.describe(`Up to ${COMPARED_LEASES_MAX} addresses or prefixes, with commas between them`),
  }),
  answer: LeaseComparisons,
})
