/** Bulk release: the leases that a search finds, ended one after another by the server (decision 0119). */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { refusals } from '../problem.ts'
import { Count, Timestamp } from '../values.ts'
import { LeaseQuery } from './leases.ts'

/** Of one bulk release. */
export const BULK_RELEASE_LEASES_MAX = 10_000
/** So many are kept, and listed. */
export const BULK_RELEASES_KEPT = 20

/** What the list of leases is searched by; without any of it all leases would be meant. */
const filter = LeaseQuery.omit({ cursor: true, limit: true, sort: true, state: true })
  .extend({ state: z.literal('active').optional().describe('Only leases that are active can be released') })
  .check(({ value, issues }) => {
    if (Object.entries(value).some(([name, criterion]) => name !== 'state' && criterion !== undefined)) return
    const message = `Name one of ${Object.keys(filter.shape).join(', ')}: all leases are ::/0 as an address`
    issues.push({ code: 'custom', input: value, path: [], message })
  })

export const BulkReleaseFilter = filter.meta({ id: 'BulkReleaseFilter' })
export type BulkReleaseFilter = z.infer<typeof BulkReleaseFilter>

const RefusedLeases = z
  .object({ refusal: z.enum(refusals), count: Count })
  .meta({ id: 'RefusedLeases', description: 'How many leases are left alone, and why' })

export const BulkReleasePreview = z
  .object({
    found: z
      .object({ count: Count, exact: z.boolean().describe('false: at least so many') })
      .describe('What the search finds, in whatever state; counted up to 10,000'),
    active: z
      .object({ count: Count, exact: z.boolean().describe('false: more than so many') })
      .describe('Of those the active ones; more than 10,000 cannot be released at once'),
    releasable: Count.describe('Of the active ones: as many would be released now'),
    refused: z
      .array(RefusedLeases)
      .describe('The rest of the active ones, as far as it is known before it is tried; the most frequent first'),
    at: Timestamp.describe('When it was counted'),
    asOf: z
      .string()
      .regex(/^[0-9]{1,16}-[0-9]{1,16}$/, 'Send `asOf` of the preview unchanged')
      .describe('What was counted; goes into the command, so that no lease is released that changed since. Opaque'),
  })
  .meta({ id: 'BulkReleasePreview' })
export type BulkReleasePreview = z.infer<typeof BulkReleasePreview>

export const bulkReleaseStates = ['running', 'done', 'cancelled', 'failed', 'interrupted'] as const

export const BulkRelease = z
  .object({
    id: z.string(),
    state: z
      .enum(bulkReleaseStates)
      .describe(
        '`failed`: the server could not go on; `interrupted`: the server stopped or was restarted. What was released stays released',
      ),
    filter: BulkReleaseFilter,
    reason: z.string(),
    startedBy: z.string(),
    startedAt: Timestamp,
    endedBy: z.string().nullable().describe('Who cancelled it; null: it ended by itself, or has not ended'),
    endedAt: Timestamp.nullable(),
    problem: z.string().nullable().describe('Why it could not go on'),
    leases: Count.describe('Active when it began'),
    released: Count,
    refused: z.array(RefusedLeases).describe('Left alone, the most frequent reason first'),
    left: Count.describe('Not tried yet; where it has ended: not tried'),
  })
  .meta({ id: 'BulkRelease' })
export type BulkRelease = z.infer<typeof BulkRelease>

export const BulkReleaseList = z.object({ items: z.array(BulkRelease) }).meta({ id: 'BulkReleaseList' })
export type BulkReleaseList = z.infer<typeof BulkReleaseList>

export const BulkReleaseWish = z
  .strictObject({
    filter: BulkReleaseFilter,
    expected: Count.refine((count) => Number(count) >= 1 && Number(count) <= BULK_RELEASE_LEASES_MAX, {
      error: `Name 1 to ${BULK_RELEASE_LEASES_MAX}; beyond that narrow the search`,
    }).describe('`releasable` of the preview: refused if more would be released'),
    asOf: BulkReleasePreview.shape.asOf,
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .describe('How you know that their clients are gone; goes to the audit, and to that of each lease'),
  })
  .meta({ id: 'BulkReleaseWish' })
export type BulkReleaseWish = z.infer<typeof BulkReleaseWish>

export const listBulkReleases = defineRoute({
  method: 'GET',
  path: '/bulk-releases',
  permission: 'leases.read',
  summary: 'The last 20 bulk releases of this server, newest first; one of them may be running',
  answer: BulkReleaseList,
})

/** Before that of one bulk release, whose id it would be taken for. */
export const previewBulkRelease = defineRoute({
  method: 'GET',
  path: '/bulk-releases/preview',
  permission: 'leases.read',
  summary: 'How many leases a bulk release would end, and how many not and why',
  description: 'Changes nothing. The search is that of the list of leases, and has to name something.',
  query: filter,
  answer: BulkReleasePreview,
})

export const startBulkRelease = defineRoute({
  method: 'POST',
  path: '/bulk-releases',
  permission: 'leases.command',
  summary: 'End all leases in use that a search finds, because their clients are gone',
  description:
    'Each is released as by `POST /leases/{address}/release`, one after another, and the server goes on by itself: ask for ' +
    'the bulk release to follow it. Released is what the preview counted: a lease that changed since, by a renewal of its ' +
    'client above all, is left alone, and so is one that came since. Refused (409, with `refusal`) if more would be released ' +
    'than `expected`, or while another one runs on this server.',
  body: BulkReleaseWish,
  answer: BulkRelease,
  answerStatus: 201,
})

export const getBulkRelease = defineRoute({
  method: 'GET',
  path: '/bulk-releases/:id',
  permission: 'leases.read',
  summary: 'How far one bulk release is, or how it ended',
  params: z.object({ id: z.string().min(1).max(64) }),
  answer: BulkRelease,
})

export const cancelBulkRelease = defineRoute({
  method: 'POST',
  path: '/bulk-releases/:id/cancel',
  permission: 'leases.command',
  summary: 'Stop a bulk release after the leases that it has in hand',
  description: 'What was released stays released. Refused (409) if it has ended.',
  params: z.object({ id: z.string().min(1).max(64) }),
  answer: BulkRelease,
})
