/** Two engines, clients and a bad network from one seed: the one door other packages import. */
export { World, WORLD_START, type WorldObserver, type WorldOptions } from './world/world.ts'
export { usualSettings, type PairSettings } from './world/pair-configuration.ts'
export { Transcript } from './scenario/transcript.ts'
export { playScenario, type PlayedScenario } from './scenario/run-scenario.ts'
export { runWorld, type RunOptions, type Verdict } from './swarm/run-world.ts'
export type { Violation } from './checkers/checker.ts'
export { addParts, nothingRun, partOf, runPart, type FailedSeed, type PartResult } from './swarm/part.ts'
export { failureLines, reachedLines, totalLines } from './swarm/report.ts'
