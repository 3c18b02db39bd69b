/** A stretch of seeds and what came of them: parts of one run add up, so a run may be spread over processes and days. */
import type { Violation } from '../checkers/checker.ts'
import { runWorld, type Verdict } from './run-world.ts'

export interface FailedSeed {
  readonly seed: number
  readonly violations: readonly Violation[]
}

export interface PartResult {
  readonly seeds: number
  readonly failed: readonly FailedSeed[]
  readonly acts: number
  readonly simulatedSeconds: number
  readonly leases: number
  readonly clients: number
  readonly faults: number
  /** Seeds in which at least ten faults began. */
  readonly seedsWithTenFaults: number
  /** What was reached, and how often: `area: what`. */
  readonly reached: Readonly<Record<string, number>>
}

export const nothingRun: PartResult = {
  seeds: 0,
  failed: [],
  acts: 0,
  simulatedSeconds: 0,
  leases: 0,
  clients: 0,
  faults: 0,
  seedsWithTenFaults: 0,
  reached: {},
}

const TEN_FAULTS = 10
/** Of one seed; more of the same tell nothing. */
const VIOLATIONS_KEPT_MAX = 20

export function runPart(first: number, count: number): PartResult {
  let part = nothingRun
  for (let seed = first; seed < first + count; seed += 1) part = addParts(part, partOf(runWorld({ seed })))
  return part
}

export function addParts(a: PartResult, b: PartResult): PartResult {
  const reached: Record<string, number> = { ...a.reached }
  for (const [what, count] of Object.entries(b.reached)) reached[what] = (reached[what] ?? 0) + count
  return {
    seeds: a.seeds + b.seeds,
    failed: [...a.failed, ...b.failed],
    acts: a.acts + b.acts,
    simulatedSeconds: a.simulatedSeconds + b.simulatedSeconds,
    leases: a.leases + b.leases,
    clients: a.clients + b.clients,
    faults: a.faults + b.faults,
    seedsWithTenFaults: a.seedsWithTenFaults + b.seedsWithTenFaults,
    reached,
  }
}

export function partOf(verdict: Verdict): PartResult {
  const { seed, violations, acts, simulatedSeconds } = verdict
  const faults = [...verdict.faultCounts.values()].reduce((sum, count) => sum + count, 0)
  return {
    seeds: 1,
    failed: violations.length === 0 ? [] : [{ seed, violations: violations.slice(0, VIOLATIONS_KEPT_MAX) }],
    acts,
    simulatedSeconds,
    leases: verdict.leasesHeld,
    clients: verdict.clientCount,
    faults,
    seedsWithTenFaults: faults >= TEN_FAULTS ? 1 : 0,
    reached: Object.fromEntries(verdict.reached),
  }
}
