/** What a consumer of the live stream asks for after `refetch`: every change of state since the one that it saw last. */
import type { Transition } from '../resources/relationships.ts'
import type { ApiClient } from './api-client.ts'
import { itemsOf } from './api-client.ts'

/** Oldest first. Without a last one that was seen it saw none, and is told of all that are kept. */
export async function missedTransitions<Signal>(
  api: ApiClient<Signal>,
  relationship: string,
  lastSeenId: string | undefined,
): Promise<readonly Transition[]> {
  const missed: Transition[] = []
  const newestFirst = itemsOf((cursor) =>
    api.listTransitions({ params: { name: relationship }, query: { cursor, limit: 100 } }),
  )
  for await (const transition of newestFirst) {
    // Ids grow; what was seen last may have been forgotten since.
    if (lastSeenId !== undefined && BigInt(transition.id) <= BigInt(lastSeenId)) break
    missed.push(transition)
  }
  return missed.toReversed()
}
