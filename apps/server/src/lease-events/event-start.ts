/** Where a caller who names a position begins to read; refused where what follows it is not kept. */
import { HttpProblem } from '../http/http-problem.ts'
import type { EventBounds, EventPlace } from '../storage/lease-events.queries.ts'
import { placeOf, positionText, whyNotKept } from './event-position.ts'

export const presentPlace = ({ lastCommitNumber }: EventBounds): EventPlace => ({
  commitNumber: lastCommitNumber,
  sequence: undefined,
})

export const oldestPlace = ({ removedUpTo }: EventBounds): EventPlace => ({
  commitNumber: removedUpTo,
  sequence: undefined,
})

/** `field`: where in the request the position stands. */
export function keptPlaceOf(
  position: string,
  bounds: EventBounds,
  { field, remedy }: { readonly field: string; readonly remedy: string },
): EventPlace {
  const place = placeOf(position)
  const why = whyNotKept(place, bounds)
  if (why === undefined) return place
  const oldestPosition = positionText(bounds.origin, oldestPlace(bounds))
  throw new HttpProblem('events-not-kept', {
    detail: `The position ${position} ${why}; what is kept begins after ${oldestPosition}.`,
    remedy,
    fields: [{ field, message: why }],
    oldestPosition,
  })
}
