/** Counts the clients that were left alone, from one view to the next: silence by rule is not one of them, silence in trouble is. */
import type { PublishedView } from './engine-service.ts'

export class UnansweredTally {
  #reasons: Readonly<Record<string, number>> = {}
  #total = 0

  /** Datagrams without an answer that were not the partner's to answer, of all views so far. */
  add(view: PublishedView): number {
    const { datagramsUnanswered } = view.counters
    for (const [reason, count] of Object.entries(datagramsUnanswered)) {
      if (!isPartnersToAnswer(reason, view)) this.#total += count - (this.#reasons[reason] ?? 0)
    }
    this.#reasons = datagramsUnanswered
    return this.#total
  }
}

/** A message that names another server is never ours; in NORMAL with contact, what we keep silent about is the partner's. */
function isPartnersToAnswer(reason: string, { snapshot }: PublishedView): boolean {
  if (reason === 'wrong-server-identifier') return true
  const together = snapshot.relationships.every(({ state, communicationsOk }) => state === 'NORMAL' && communicationsOk)
  return reason === 'failover-state' && together
}
