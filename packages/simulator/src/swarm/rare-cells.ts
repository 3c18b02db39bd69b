/**
 * Cells that a thousand seeds need not reach. Of the conflict table: two operators, or an operator and a client, have to act on
 * one declined address on servers that are out of contact, in the one order in which the second is the older. A test of the
 * engine tries each cell by itself (`judge-update.test.ts`, "the conflict table"); a run says which it has not reached.
 */
import { expectedCells, type Cell } from './expected-cells.ts'

const rare: readonly RegExp[] = [
  // A person declares the partner down in CONFLICT-DONE just as contact comes back: the primary, in conflict once more, says a second time
  // that it is through with it, to a secondary that had asked after the first time and has all there is (seed 185).
  /^state matrix, secondary: NORMAL hears CONFLICT-DONE$/,
  /^conflict table: RESET hears (RELEASED|available) refused$/,
  // Of 12,300 seeds it is reached some 60 times, so that one thousand in ten may pass without it.
  /^conflict table: RESET hears EXPIRED accepted$/,
  /^conflict table: (available|ABANDONED) hears RESET or ABANDONED refused$/,
]

export const rareCells: readonly Cell[] = expectedCells().filter((cell) => rare.some((kind) => kind.test(cell)))
