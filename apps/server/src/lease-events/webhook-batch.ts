/** What a webhook is sent next: events through its filter, or that some were not kept; and its position after that. */
import type { WebhookMessage } from '@tandem/api-contract'
import { WEBHOOK_EVENTS_MAX } from '@tandem/api-contract'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { readEventBounds } from '../storage/lease-events.queries.ts'
import type { EventPlace } from '../storage/lease-events.queries.ts'
import type { WebhookRow } from '../storage/webhooks.queries.ts'
import { positionText, whyNotKept } from './event-position.ts'
import { readEvents } from './event-reader.ts'
import type { EventFilter } from './event-reader.ts'
import { oldestPlace, presentPlace } from './event-start.ts'
import { toLeaseEventView } from './lease-event.view.ts'

export interface EventsPlace extends EventPlace {
  readonly origin: string
}

export interface WebhookBatch {
  /** Undefined: the filter let nothing through up to the position. */
  readonly message:
    | { readonly id: string; readonly type: WebhookMessage['type']; readonly data: WebhookMessage['data'] }
    | undefined
  /** Why events are missing before the position. */
  readonly lost: string | undefined
  readonly position: EventsPlace
  readonly more: boolean
}

export function filterOf({ subnets, kinds, events }: WebhookRow): EventFilter {
  // Written by this product, as a JSON array of texts.
  return { subnets: JSON.parse(subnets) as readonly string[], kinds: wordsOf(kinds), events: wordsOf(events) }
}

const wordsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(' '))

export async function nextBatch(
  database: ConsoleDatabase,
  webhook: WebhookRow,
  server: string,
  after: EventsPlace,
): Promise<WebhookBatch> {
  const bounds = await readEventBounds(database)
  const { origin } = bounds
  const about = { webhook: { id: webhook.id, name: webhook.name }, server }
  const lost = whyNotKept(after, bounds)
  if (lost !== undefined) {
    // Of another storage: what is kept here was told under other names, and the list of leases has it all.
    const place =
      after.origin === origin && after.commitNumber < bounds.removedUpTo ? oldestPlace(bounds) : presentPlace(bounds)
    const position = positionText(origin, place)
    const id = messageId(webhook, `lost-${position}`)
    return {
      message: { id, type: 'lease-events.lost', data: { ...about, position, events: [] } },
      lost,
      position: { origin, ...place },
      more: true,
    }
  }
  const reading = { limit: WEBHOOK_EVENTS_MAX, lastCommitNumber: bounds.lastCommitNumber }
  const { rows, next, more } = await readEvents(database, after, filterOf(webhook), reading)
  const position = { origin, ...next }
  const events = rows.map((row) => toLeaseEventView(row, { origin, server }))
  const [first, last] = [events.at(0), events.at(-1)]
  if (first === undefined || last === undefined) return { message: undefined, lost: undefined, position, more }
  const id = messageId(webhook, `${first.id}-${last.id}`)
  const data = { ...about, position: positionText(origin, next), events }
  return { message: { id, type: 'lease-events', data }, lost: undefined, position, more }
}

/** Another one for other contents, also where a delivery is made up anew after a restart. */
export function messageId({ id }: WebhookRow, of: string): string {
  return `msg_${id.slice(0, 8)}_${of}`
}
