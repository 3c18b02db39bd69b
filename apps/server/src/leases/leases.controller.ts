/** Lists of leases and single ones, read from the table and not from the engine's memory. */
import { Controller, Inject } from '@nestjs/common'
import {
  compareLeases,
  exportLeases,
  getLease,
  getPartnerLease,
  listLeaseChanges,
  listLeases,
  releaseLease,
  resendLease,
  resetLease,
} from '@tandem/api-contract'
import type { Lease, LeaseChangePage, LeaseComparisons, LeasePage, PartnerLease } from '@tandem/api-contract'
import type { LeaseCommand } from '@tandem/engine'
import { ipv6AddressFromBytes, makePrefix } from '@tandem/protocol'
import type { EngineService } from '../engine/engine-service.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { commandRefusal } from '../http/command-refusal.ts'
import { idOfCursor, pageFrom } from '../http/cursor.ts'
import { HttpProblem } from '../http/http-problem.ts'
import { commandIdOf } from '../http/idempotency.interceptor.ts'
import { CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { countOf } from '../http/view-values.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import { insistOnVersion } from '../http/version.ts'
import { toLeaseKey, toLeaseText } from '../http/written-lease.ts'
import { wasCommandDone } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { isKeyOrder, placeOf } from '../storage/lease-order.ts'
import { readLeasePage, readLeasePages } from '../storage/lease-pages.queries.ts'
import { findLeaseRow, findLeaseRows } from '../storage/leases.queries.ts'
import type { LeaseKey } from '../storage/leases.queries.ts'
import { listLeaseChangeRows } from '../storage/records.queries.ts'
import { readSortedPage } from '../storage/sorted-leases.queries.ts'
import { toLeaseChangeView } from './lease-change.view.ts'
import { compareWithPartners } from './lease-comparison.ts'
import { exportHeader, exportLines } from './lease-export.ts'
import { toLeaseFilter } from './lease-search.ts'
import { cursorPartsOf, placeOfCursor, tooManyToSort, toLeaseOrder } from './lease-sort.ts'
import { toLeaseView } from './lease.view.ts'
import { whyNotToldAgain } from './table-comparison/told-again.ts'

/** Beyond this a list says "more than". */
const COUNT_MAX = 10_000
/** Of an export, read and written at a time: a few milliseconds of the thread. */
const EXPORT_PAGE_ROWS = 250
/** So long a reader waits for what was promised before he asked; then he gets what there is. */
const LISTS_WAIT_MS = 1_000

type LeaseCommandInput = RouteInput<typeof resetLease | typeof releaseLease | typeof resendLease>

@Controller()
export class LeasesController {
  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
  ) {}

  @Route(listLeases)
  async list({ query }: RouteInput<typeof listLeases>): Promise<LeasePage> {
    const filter = toLeaseFilter(query)
    const order = toLeaseOrder(query.sort)
    const after = query.cursor === undefined ? undefined : placeOfCursor(query.sort, query.cursor)
    const page = { after, limit: query.limit + 1, countMax: COUNT_MAX + 1 }
    await this.engine.untilListsShow(LISTS_WAIT_MS)
    const found = isKeyOrder(order)
      ? await readLeasePage(this.database, filter, page)
      : await readSortedPage(this.database, filter, { ...page, order })
    if (found === undefined) throw tooManyToSort()
    return {
      ...pageFrom(found.rows, query.limit, toLeaseView, (row) => cursorPartsOf(query.sort, placeOf(order, row))),
      total: { count: countOf(Math.min(found.count, COUNT_MAX)), exact: found.count <= COUNT_MAX },
    }
  }

  @Route(exportLeases)
  async *export({ query, response }: RouteInput<typeof exportLeases>): AsyncGenerator<string> {
    const filter = toLeaseFilter(query)
    response.setHeader('Content-Disposition', 'attachment; filename="leases.csv"')
    await this.engine.untilListsShow(LISTS_WAIT_MS)
    yield exportHeader()
    for await (const rows of readLeasePages(this.database, filter, EXPORT_PAGE_ROWS)) {
      if (rows.length > 0) yield exportLines(rows.map(toLeaseView))
    }
  }

  /** Before that of one lease, whose address it would be taken for. */
  @Route(compareLeases)
  async compare({ query }: RouteInput<typeof compareLeases>): Promise<LeaseComparisons> {
    const keys = query.leases.map((text) => toLeaseKey(text, 'query.leases'))
    return compareWithPartners(async () => this.readAll(keys), this.channels)
  }

  @Route(getLease)
  async get({ params }: RouteInput<typeof getLease>): Promise<Lease> {
    return this.readOrRefuse(params.address)
  }

  @Route(getPartnerLease)
  async getOfPartner({ params }: RouteInput<typeof getPartnerLease>): Promise<PartnerLease> {
    const { lease, relationship } = await this.readOrRefuse(params.address)
    if (relationship !== null) return this.channels.partnerLease(relationship, lease)
    throw new HttpProblem('not-found', {
      detail: `${lease} belongs to no relationship: no partner has a record of it.`,
      remedy: 'Its record here is the only one.',
      fields: [{ field: 'params.address', message: 'has no partner' }],
    })
  }

  @Route(resetLease)
  async reset(input: RouteInput<typeof resetLease>): Promise<Lease> {
    return this.commandLease('reset-lease', input)
  }

  @Route(releaseLease)
  async release(input: RouteInput<typeof releaseLease>): Promise<Lease> {
    return this.commandLease('release-lease', input)
  }

  @Route(resendLease)
  async resend(input: RouteInput<typeof resendLease>): Promise<Lease> {
    return this.commandLease('resend-lease', input, async (seen) => this.insistOnMoreCareful(seen))
  }

  @Route(listLeaseChanges)
  async history({ params, query }: RouteInput<typeof listLeaseChanges>): Promise<LeaseChangePage> {
    const rows = await listLeaseChangeRows(this.database, toLeaseText(params.address, 'params.address'), {
      beforeId: idOfCursor(query.cursor),
      limit: query.limit + 1,
    })
    return pageFrom(rows, query.limit, toLeaseChangeView, ({ id }) => [id])
  }

  private async commandLease(
    kind: LeaseCommand['kind'],
    { params, body, principal, request }: LeaseCommandInput,
    insist: (seen: Lease) => Promise<void> = async () => undefined,
  ): Promise<Lease> {
    const { kind: leaseKind, address, length } = toLeaseKey(params.address)
    const seen = await this.readOrRefuse(params.address)
    const commandId = commandIdOf(request)
    // A process that died between the commit and its answer left the key without an answer, but the audit with the deed.
    if (await wasCommandDone(this.database, commandId)) return this.readOrRefuse(params.address)
    insistOnVersion(request, seen)
    await insist(seen)
    const prefix = makePrefix(ipv6AddressFromBytes(address), length)
    const result = await this.engine.command(commandId, principal.name, {
      kind,
      leaseKind,
      prefix,
      reason: body.reason,
    })
    if (!result.ok) throw commandRefusal(result)
    return this.readOrRefuse(params.address)
  }

  /** Telling the partner again must not undo what it has. */
  private async insistOnMoreCareful(own: Lease): Promise<void> {
    if (own.relationship === null) return
    const why = whyNotToldAgain(own, await this.channels.partnerLease(own.relationship, own.lease))
    if (why === undefined) return
    throw new HttpProblem('refused', { ...why, fields: [{ field: 'params.address', message: why.detail }] })
  }

  /** In the order of the keys, each once. */
  private async readAll(keys: readonly LeaseKey[]): Promise<readonly Lease[]> {
    await this.engine.untilListsShow(LISTS_WAIT_MS)
    const found = new Map((await findLeaseRows(this.database, keys)).map((row) => [textOf(row), toLeaseView(row)]))
    return [...new Set(keys.map(textOf))].flatMap((text) => found.get(text) ?? [])
  }

  private async readOrRefuse(address: string): Promise<Lease> {
    await this.engine.untilListsShow(LISTS_WAIT_MS)
    const row = await findLeaseRow(this.database, toLeaseKey(address))
    if (row !== undefined) return toLeaseView(row)
    throw new HttpProblem('not-found', {
      detail: `There is no record of a lease ${address}.`,
      remedy: 'An address that was never given has no record; a prefix is written with its length, 2001:db8::-56.',
      fields: [{ field: 'params.address', message: 'has no record' }],
    })
  }
}

function textOf({ kind, address, length }: LeaseKey): string {
  return `${kind} ${Buffer.from(address).toString('hex')} ${length}`
}
