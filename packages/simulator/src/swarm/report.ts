/** What a run of seeds came to, in lines for a terminal. */
import type { Violation } from '../checkers/checker.ts'
import type { Cell } from './expected-cells.ts'
import type { CoverageJudgement } from './judge-coverage.ts'
import type { FailedSeed, PartResult } from './part.ts'

export function violationText(seed: number, { checker, atMs, text }: Violation): string {
  return `seed ${seed}: ${checker} at ${(atMs / 1000).toFixed(3)} s: ${text}`
}

export function failureLines({ seed, violations }: FailedSeed): readonly string[] {
  return [...violations.map((violation) => violationText(seed, violation)), `replay: tandem simulate --seed ${seed}`]
}

export function totalLines(total: PartResult): readonly string[] {
  const hours = (total.simulatedSeconds / 3600).toFixed(0)
  const tenFaults = total.seeds === 0 ? 0 : Math.floor((100 * total.seedsWithTenFaults) / total.seeds)
  return [
    `${total.acts} events in ${hours} simulated hours; ${total.clients} clients, ${total.leases} leases given or renewed`,
    `${total.faults} faults; at least ten in ${tenFaults} of 100 seeds`,
    `${total.seeds - total.failed.length} of ${total.seeds} seeds held`,
  ]
}

/** One line for each area: what was reached, and how often. */
export function reachedLines(total: PartResult): readonly string[] {
  const cells = Object.entries(total.reached).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return byArea(cells.map(([cell, count]) => `${cell} ${count}`))
}

/** What is missing, and what is no longer to be excused. */
export function coverageLines(coverage: CoverageJudgement): readonly string[] {
  const { zeros, reachedAfterAll, rare, reachedCount, expectedCount } = coverage
  return [
    ...byArea(rare).map((line) => `rare, and not reached, ${line}`),
    ...byArea(zeros).map((line) => `NEVER REACHED, ${line}`),
    ...reachedAfterAll.map((cell) => `REACHABLE AFTER ALL, ${cell}: take it off unreachable-cells.ts`),
    `${reachedCount} of ${expectedCount} cells reached`,
  ]
}

function byArea(cells: readonly Cell[]): readonly string[] {
  const areas = Map.groupBy(cells, (cell) => cell.slice(0, cell.indexOf(': ')))
  return [...areas].map(([area, inside]) => `${area}: ${inside.map((cell) => cell.slice(area.length + 2)).join(', ')}`)
}
