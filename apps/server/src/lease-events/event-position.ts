/** A position in the lease events as a caller has it: where they come from, commit, and event in it. */
import type { EventBounds, EventPlace } from '../storage/lease-events.queries.ts'

export function positionText(origin: string, { commitNumber, sequence }: EventPlace): string {
  const commit = `${origin}-${commitNumber}`
  return sequence === undefined ? commit : `${commit}-${sequence}`
}

/** `position` is one by its form. */
export function placeOf(position: string): EventPlace & { readonly origin: string } {
  const [origin = '', commit = '', sequence] = position.split('-')
  return { origin, commitNumber: Number(commit), sequence: sequence === undefined ? undefined : Number(sequence) }
}

/** Why the events after this position cannot all be told; undefined: they can. */
export function whyNotKept(
  { origin, commitNumber, sequence }: EventPlace & { readonly origin: string },
  bounds: EventBounds,
): string | undefined {
  if (origin !== bounds.origin) return 'is of another storage, or of this one before it was restored'
  if (commitNumber > bounds.lastCommitNumber) return 'is ahead of all that this server knows'
  const isGone = sequence === undefined ? commitNumber < bounds.removedUpTo : commitNumber <= bounds.removedUpTo
  // Of a commit that is gone nobody knows whether more followed the event.
  return isGone ? 'is older than what is kept' : undefined
}
