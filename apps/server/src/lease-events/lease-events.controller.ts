/** Lease events from a position on; where there are none yet, the answer may wait for the first. */
import { setTimeout as delay } from 'node:timers/promises'
import { Controller, Inject } from '@nestjs/common'
import { listLeaseEvents } from '@tandem/api-contract'
import type { LeaseEventPage, LeaseEventQuery } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService } from '../engine/engine-service.ts'
import { CONFIGURATION, CONSOLE_DATABASE, ENGINE_SERVICE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { readEventBounds, type EventBounds, type EventPlace } from '../storage/lease-events.queries.ts'
import { placeOf, positionText } from './event-position.ts'
import { readEvents } from './event-reader.ts'
import { keptPlaceOf, oldestPlace, presentPlace } from './event-start.ts'
import { toLeaseEventView } from './lease-event.view.ts'

/** So long a reader waits for what was promised before he asked; then he gets what there is. */
const TABLES_WAIT_MS = 1_000
/** How soon an event is seen by whoever waits for it, beside the half second that the tables may be behind. */
const LOOK_INTERVAL_MS = 300
/** Each looks at the table again and again; whoever is beyond is answered at once, and asks again. */
export const WAITING_MAX = 64

@Controller()
export class LeaseEventsController {
  #waiting = 0

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(ENGINE_SERVICE) private readonly engine: EngineService,
  ) {}

  @Route(listLeaseEvents)
  async list({ query, response }: RouteInput<typeof listLeaseEvents>): Promise<LeaseEventPage> {
    await this.engine.untilListsShow(TABLES_WAIT_MS)
    const bounds = await readEventBounds(this.database)
    if (query.after === 'present')
      return { items: [], next: positionText(bounds.origin, presentPlace(bounds)), more: false }
    const after = startOf(query.after, bounds)
    const page = await this.read(after, query, bounds)
    if (page.items.length > 0 || page.more || query.waitSeconds === 0 || this.#waiting >= WAITING_MAX) return page
    const leaves = new AbortController()
    response.once('close', () => leaves.abort())
    this.#waiting += 1
    try {
      return await this.wait(page, query, leaves.signal)
    } finally {
      this.#waiting -= 1
    }
  }

  private async wait(first: LeaseEventPage, query: LeaseEventQuery, leaves: AbortSignal): Promise<LeaseEventPage> {
    const until = Date.now() + query.waitSeconds * 1000
    let page = first
    while (page.items.length === 0 && Date.now() < until && !leaves.aborted) {
      await delay(Math.min(LOOK_INTERVAL_MS, Math.max(0, until - Date.now())))
      page = await this.read(placeOf(page.next), query, await readEventBounds(this.database))
    }
    return page
  }

  private async read(
    after: EventPlace,
    { subnet, kind, event, limit }: LeaseEventQuery,
    { origin, lastCommitNumber }: EventBounds,
  ): Promise<LeaseEventPage> {
    const filter = { subnets: listOf(subnet), kinds: listOf(kind), events: listOf(event) }
    const { rows, next, more } = await readEvents(this.database, after, filter, { limit, lastCommitNumber })
    const source = { origin, server: this.configuration.node.name }
    return { items: rows.map((row) => toLeaseEventView(row, source)), next: positionText(origin, next), more }
  }
}

const listOf = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value])

function startOf(after: string | undefined, bounds: EventBounds): EventPlace {
  if (after === undefined) return oldestPlace(bounds)
  const remedy = 'Ask with after=present, read the list of leases, and go on from next.'
  return keptPlaceOf(after, bounds, { field: 'query.after', remedy })
}
