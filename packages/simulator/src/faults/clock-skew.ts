/** The two clocks differ for the whole run, within the bound of RFC 8156 section 7.1. */
import type { Random } from '../world/random.ts'
import type { World } from '../world/world.ts'

const SKEW_MAX_MS = 1_000

/** Set before the start: a clock of a server never steps. */
export function skewClocks(world: World, random: Random): void {
  for (const server of world.servers) server.clock.offsetMs = random.between(-SKEW_MAX_MS, SKEW_MAX_MS)
}
