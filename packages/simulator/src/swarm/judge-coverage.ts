/** What a run should have reached and has not: a long one fails for it, a short one only says it. */
import { rareCells } from './rare-cells.ts'
import { expectedCells, type Cell } from './expected-cells.ts'
import type { PartResult } from './part.ts'
import { unreachableCells, type UnreachableCells } from './unreachable-cells.ts'

/** From so many seeds on a cell that is not reached is a failure: chance is no excuse any more. */
export const COVERAGE_SEEDS_MIN = 1_000

export interface CoverageJudgement {
  /** Expected cells that nothing reached and that are on no list. */
  readonly zeros: readonly Cell[]
  /** On the list of what cannot be reached, and reached all the same. */
  readonly reachedAfterAll: readonly Cell[]
  /** So far nobody in a simulated history does what these need. */
  readonly rare: readonly Cell[]
  readonly expectedCount: number
  readonly reachedCount: number
  readonly fails: boolean
}

interface Lists {
  readonly expected: readonly Cell[]
  readonly unreachable: readonly UnreachableCells[]
  readonly rare: readonly Cell[]
}

const allLists: Lists = { expected: expectedCells(), unreachable: unreachableCells, rare: rareCells }

export function judgeCoverage(total: PartResult, lists: Lists = allLists): CoverageJudgement {
  const isReached = (cell: Cell): boolean => (total.reached[cell] ?? 0) > 0
  const unreachable = new Set(lists.unreachable.flatMap(({ cells }) => cells))
  const rare = new Set(lists.rare)
  const missing = lists.expected.filter((cell) => !isReached(cell) && !unreachable.has(cell))
  const zeros = missing.filter((cell) => !rare.has(cell))
  const reachedAfterAll = [...unreachable].filter(isReached)
  return {
    zeros,
    reachedAfterAll,
    rare: missing.filter((cell) => rare.has(cell)),
    expectedCount: lists.expected.length - unreachable.size,
    reachedCount: lists.expected.filter((cell) => isReached(cell) && !unreachable.has(cell)).length,
    fails: reachedAfterAll.length > 0 || (zeros.length > 0 && total.seeds >= COVERAGE_SEEDS_MIN),
  }
}
