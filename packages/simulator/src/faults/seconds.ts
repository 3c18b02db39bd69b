/** A stretch of time drawn between two bounds, short ones more often. */
import type { Random } from '../world/random.ts'

export function secondsOf(random: Random, [from, to]: readonly [number, number]): number {
  const fraction = random.fraction()
  return from + Math.floor(fraction * fraction * (to - from + 1))
}
