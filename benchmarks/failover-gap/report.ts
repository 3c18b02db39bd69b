/** The tables at the end: one for each failure, two lines for each pair, medians of its repeats with the lowest and the highest. */
import { spreadOf, spreadText } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import type { FailureKind } from './failures.ts'
import type { GapFigures } from './gap-figures.ts'
import type { GapRepeat } from './measure-gap.ts'

const columns = ['', 'first answered', 'answered at once from', 'client of the moment waited', 'survivor took over']

export function reportGaps(repeats: readonly GapRepeat[], kinds: readonly FailureKind[]): string {
  return kinds
    .map(({ key, title }) => {
      const ours = repeats.filter(({ failure }) => failure === key)
      const names = [...new Set(ours.map(({ contestant }) => contestant))]
      const rows = names.flatMap((name) => rowsOf(ours.filter(({ contestant }) => contestant === name)))
      return alignColumns([[`Seconds after ${title}`, ...columns], ...rows])
    })
    .join('\n\n')
}

function rowsOf(repeats: readonly GapRepeat[]): readonly Row[] {
  const cell = (read: (repeat: GapRepeat) => number | undefined): string => cellOf(repeats, read)
  const cells = (figures: (repeat: GapRepeat) => GapFigures): readonly string[] => [
    cell((repeat) => figures(repeat).firstAnswer),
    cell((repeat) => figures(repeat).answeredAtOnceFrom),
    cell((repeat) => figures(repeat).clientOfTheMoment),
  ]
  const tookOver = cell(({ tookOverAfterMs }) => tookOverAfterMs)
  return [
    [repeats[0]?.contestant ?? '', 'SOLICIT', ...cells(({ newClients }) => newClients), tookOver],
    ['', 'REBIND', ...cells(({ rebindingClients }) => rebindingClients)],
  ]
}

/** A repeat in which it did not happen is told, and not left out of a median. */
function cellOf(repeats: readonly GapRepeat[], read: (repeat: GapRepeat) => number | undefined): string {
  const values = repeats.map(read)
  const there = values.filter((value) => value !== undefined)
  if (there.length < values.length) {
    const limit = Math.max(...repeats.map(({ limitSeconds }) => limitSeconds))
    return `not in ${limit} s in ${values.length - there.length} of ${values.length}`
  }
  return spreadText(spreadOf(there.map((ms) => ms / 1000)), 3)
}
