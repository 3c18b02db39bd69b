/** Cells that simulated clients and operators have hardly reached yet; the list has to become empty. */
import { expectedCells, type Cell } from './expected-cells.ts'

/** Of declined addresses and those that were reset: what 200 seeds have not seen. */
const awaited: readonly RegExp[] = [
  /^conflict table: RESET hears (RELEASED|available) refused$/,
  /^conflict table: ABANDONED hears RESET or ABANDONED refused$/,
]

export const awaitedCells: readonly Cell[] = expectedCells().filter((cell) => awaited.some((kind) => kind.test(cell)))
