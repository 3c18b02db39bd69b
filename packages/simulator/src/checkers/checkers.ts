/** Every checker that watches a run, and the watching. */
import type { World } from '../world/world.ts'
import type { Checker, Violation } from './checker.ts'
import { lifetimeWithinMclt } from './lifetime-within-mclt.ts'
import { movesAfterAcknowledgement } from './moves-after-acknowledgement.ts'
import { oneClientPerLease } from './one-client-per-lease.ts'
import { onlyKnownTransitions } from './only-known-transitions.ts'
import { promisesAreDurable } from './promises-are-durable.ts'
import { recordedBeforeAnnounced } from './recorded-before-announced.ts'
import { solicitIsAnswered } from './solicit-is-answered.ts'

export const checkers: readonly Checker[] = [
  oneClientPerLease,
  promisesAreDurable,
  lifetimeWithinMclt,
  movesAfterAcknowledgement,
  recordedBeforeAnnounced,
  onlyKnownTransitions,
  solicitIsAnswered,
]

/** What they report is added to the list, in the order of its happening. */
export function watchWithAll(world: World, violations: Violation[]): void {
  for (const { name, watch } of checkers) {
    const report = (text: string): void => {
      violations.push({ checker: name, atMs: world.elapsedMs, text })
    }
    world.observe(watch({ world, report }))
  }
}
