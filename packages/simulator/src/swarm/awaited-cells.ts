/** Cells that nobody in a simulated history reaches yet; the list has to become empty. */
import { expectedCells, type Cell } from './expected-cells.ts'

/** Messages of clients that no simulated client sends, and what only they, or an operator who resets a lease, bring about. */
const awaited: readonly RegExp[] = [
  /^datagrams \w+: (CONFIRM|DECLINE|INFORMATION-REQUEST)$/,
  /^status codes sent: NotOnLink$/,
  /^conflict table: (RESET|ABANDONED) hears /,
  /^conflict table: .* hears RESET or ABANDONED /,
]

export const awaitedCells: readonly Cell[] = expectedCells().filter((cell) => awaited.some((kind) => kind.test(cell)))
