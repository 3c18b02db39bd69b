/** The simulator's own entry: an engine in which one rule is broken on purpose (architecture, section 8; decision 0032), and the tables of which every cell has to be reached. */
import type { EngineConfiguration } from './configuration/configuration.ts'
import { withBug, type DeliberateBug } from './deliberate-bug.ts'
import { createEngine, type Engine, type RestoredState } from './engine.ts'
import type { Instant } from './time/instant.ts'

export { deliberateBugs, type DeliberateBug } from './deliberate-bug.ts'
export { onPartnerState } from './failover/transitions/partner-state-matrix.ts'
export { columnOf, conflictTable, rowOf } from './failover/updates/conflict-table.ts'

/** As `createEngine`, with this bug in every call of the door and in nothing else. */
export function createEngineWithBug(
  bug: DeliberateBug,
  configuration: EngineConfiguration,
  restored: RestoredState,
  startedAt: Instant,
): Engine {
  const engine = withBug(bug, () => createEngine(configuration, restored, startedAt))
  return {
    handle: (event, now) => withBug(bug, () => engine.handle(event, now)),
    nextDeadline: () => withBug(bug, () => engine.nextDeadline()),
    snapshot: (now) => withBug(bug, () => engine.snapshot(now)),
    remembered: () => engine.remembered(),
  }
}
