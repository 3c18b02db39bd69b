/** Bulk release: counted first, then started with what was counted, followed and cancelled (decision 0119). */
import { Controller, Inject } from '@nestjs/common'
import {
  BULK_RELEASE_LEASES_MAX,
  cancelBulkRelease,
  getBulkRelease,
  listBulkReleases,
  previewBulkRelease,
  startBulkRelease,
} from '@tandem/api-contract'
import type { BulkRelease, BulkReleaseFilter, BulkReleaseList, BulkReleasePreview, Problem } from '@tandem/api-contract'
import type { EngineService } from '../../engine/engine-service.ts'
import { HttpProblem } from '../../http/http-problem.ts'
import { commandIdOf } from '../../http/idempotency.interceptor.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE } from '../../http/injection-tokens.ts'
import { Route } from '../../http/route.decorator.ts'
import type { RouteInput } from '../../http/route.decorator.ts'
import { countOf, isoOf } from '../../http/view-values.ts'
import type { ConsoleDatabase } from '../../storage/console-database.ts'
import { readLeasePage } from '../../storage/lease-pages.queries.ts'
import { toLeaseFilter } from '../lease-search.ts'
import { asOfFrom, asOfText, readAsOf } from './as-of.ts'
import type { AsOf } from './as-of.ts'
import { BulkReleases } from './bulk-releases.ts'
import { leftAlone } from './left-alone.ts'
import { surveyLeases } from './survey.ts'
import type { Survey } from './survey.ts'

const LISTS_WAIT_MS = 3_000

@Controller()
export class BulkReleasesController {
  /** From the first look at the leases on: two that are started together are not both the only one. */
  #isStarting = false

  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(BulkReleases) private readonly bulkReleases: BulkReleases,
  ) {}

  @Route(listBulkReleases)
  async list(): Promise<BulkReleaseList> {
    return { items: [...(await this.bulkReleases.list())] }
  }

  @Route(previewBulkRelease)
  async preview({ query }: RouteInput<typeof previewBulkRelease>): Promise<BulkReleasePreview> {
    await this.insistOnLists()
    const asOf = await readAsOf(this.database)
    const survey = await this.survey(query, asOf, 'query')
    const page = { after: undefined, limit: 1, countMax: BULK_RELEASE_LEASES_MAX + 1 }
    const { count } = await readLeasePage(this.database, filterOf(query, 'query'), page)
    return {
      found: { count: countOf(Math.min(count, BULK_RELEASE_LEASES_MAX)), exact: count <= BULK_RELEASE_LEASES_MAX },
      active: { count: countOf(survey.active), exact: survey.exact },
      releasable: countOf(survey.releasable.length),
      refused: survey.refused.toView(),
      at: isoOf(asOf.atMs),
      asOf: asOfText(asOf),
    }
  }

  @Route(startBulkRelease)
  async start({ body, principal, request }: RouteInput<typeof startBulkRelease>): Promise<BulkRelease> {
    const id = commandIdOf(request)
    // A process that died before it answered left the key without an answer, but what it had begun on record.
    const earlier = await this.bulkReleases.find(id)
    if (earlier !== undefined) return earlier
    if (this.#isStarting || this.bulkReleases.isRunning) throw runsAlready()
    this.#isStarting = true
    try {
      await this.insistOnLists()
      const asOf = asOfFrom(body.asOf)
      await this.insistOnPast(asOf)
      const survey = await this.survey(body.filter, asOf, 'body.filter')
      insistOnExpected(survey, Number(body.expected))
      const { filter, reason } = body
      return await this.bulkReleases.start({ id, filter, reason, startedBy: principal.name, asOf, survey })
    } finally {
      this.#isStarting = false
    }
  }

  @Route(getBulkRelease)
  async get({ params }: RouteInput<typeof getBulkRelease>): Promise<BulkRelease> {
    return (await this.bulkReleases.find(params.id)) ?? notThere()
  }

  @Route(cancelBulkRelease)
  async cancel({ params, principal }: RouteInput<typeof cancelBulkRelease>): Promise<BulkRelease> {
    const before = (await this.bulkReleases.find(params.id)) ?? notThere()
    if (!(await this.bulkReleases.cancel(params.id, principal.name))) {
      throw refused('bulk-release-ended', 'params.id', {
        detail: `It has ended already: ${before.state}.`,
        remedy: 'There is nothing to cancel; what was released stays released.',
      })
    }
    return (await this.bulkReleases.find(params.id)) ?? notThere()
  }

  private async survey(query: BulkReleaseFilter, asOf: AsOf, field: string): Promise<Survey> {
    const { relationships } = this.engine.view().snapshot
    return surveyLeases(this.database, filterOf(query, field), (row) => leftAlone(row, asOf, relationships))
  }

  /** What the lists do not show yet would not be counted. */
  private async insistOnLists(): Promise<void> {
    if (await this.engine.untilListsShow(LISTS_WAIT_MS)) return
    throw new HttpProblem('unavailable', {
      detail: 'The lists of this server are behind its leases, so nothing can be counted.',
      remedy: 'Try again in a while; the log says so if the tables do not follow at all.',
      retryAfterSeconds: 5,
    })
  }

  /** With a commit that is still to come whatever changes until then would be released too. */
  private async insistOnPast({ commitNumber, atMs }: AsOf): Promise<void> {
    const present = await readAsOf(this.database)
    if (commitNumber <= present.commitNumber && atMs <= present.atMs) return
    const message = 'is no preview of this server'
    throw new HttpProblem('invalid-request', {
      detail: `body.asOf: ${message}`,
      remedy: 'Ask this server for a preview, and send its asOf unchanged.',
      fields: [{ field: 'body.asOf', message }],
    })
  }
}

/** `field` is where the search stands in the request. */
function filterOf(query: BulkReleaseFilter, field: string): ReturnType<typeof toLeaseFilter> {
  return toLeaseFilter(query, `${field}.address`)
}

function insistOnExpected({ releasable, exact }: Survey, expected: number): void {
  if (!exact) {
    throw refused('more-than-expected', 'body.filter', {
      detail: `The search finds more than ${BULK_RELEASE_LEASES_MAX} active leases.`,
      remedy: 'Narrow the search, for example to one subnet or a part of it, and release one part after another.',
    })
  }
  if (releasable.length <= expected) return
  throw refused('more-than-expected', 'body.expected', {
    detail: `${releasable.length} leases would be released, not ${expected}.`,
    remedy: 'Ask for the preview again, look at what is found now, and decide again.',
  })
}

function runsAlready(): HttpProblem {
  return refused('bulk-release-running', 'body', {
    detail: 'A bulk release runs on this server, and there is one at a time.',
    remedy: 'Follow it at /api/v1/bulk-releases; begin when it has ended, or cancel it.',
  })
}

function refused(
  refusal: NonNullable<Problem['refusal']>,
  field: string,
  { detail, remedy }: { readonly detail: string; readonly remedy: string },
): HttpProblem {
  return new HttpProblem('refused', { detail, remedy, refusal, fields: [{ field, message: detail }] })
}

function notThere(): never {
  throw new HttpProblem('not-found', {
    detail: 'There is no record of such a bulk release.',
    remedy: 'GET /api/v1/bulk-releases lists those that are kept, the last 20.',
    fields: [{ field: 'params.id', message: 'names none' }],
  })
}
