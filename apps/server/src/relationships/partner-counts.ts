/** What was counted of one relationship since the process started. */
import type { Relationship } from '@tandem/api-contract'
import { statusCodeName } from '@tandem/protocol'
import type { DataPlaneCounters } from '../engine/engine-service.ts'
import { countOf } from '../http/view-values.ts'

type PartnerCounts = Pick<Relationship, 'messages' | 'updatesRejected' | 'connectionChanges'>

export function partnerCountsOf(
  { partnerMessages, events }: Pick<DataPlaneCounters, 'partnerMessages' | 'events'>,
  name: string,
): PartnerCounts {
  const messages = partnerMessages.filter(({ relationship }) => relationship === name)
  const byType = (wanted: 'received' | 'sent'): Record<string, string> =>
    Object.fromEntries(
      messages.filter(({ direction }) => direction === wanted).map(({ type, count }) => [type, countOf(count)]),
    )
  return {
    messages: { received: byType('received'), sent: byType('sent') },
    updatesRejected: events.updateRejections
      .filter(({ relationship }) => relationship === name)
      .map(({ by, statusCode, count }) => ({ by, status: statusCodeName(statusCode), count: countOf(count) })),
    connectionChanges: Object.fromEntries(
      events.connectionChanges
        .filter(({ relationship }) => relationship === name)
        .map(({ change, count }) => [change, countOf(count)]),
    ),
  }
}
