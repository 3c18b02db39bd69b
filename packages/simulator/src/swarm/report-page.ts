/** The page of figures that a run of seeds writes: what was run, what held, what was reached. Nobody writes it by hand. */
import type { Cell } from './expected-cells.ts'
import type { CoverageJudgement } from './judge-coverage.ts'
import type { Judgement } from './open-findings.ts'
import type { FailedSeed, PartResult } from './part.ts'
import { unreachableCells } from './unreachable-cells.ts'

export interface RunDescription {
  readonly firstSeed: number
  readonly lastSeed: number
  /** Digest of the packages that decide what a seed does. */
  readonly program: string
}

export interface Findings {
  readonly judgement: Judgement
  readonly coverage: CoverageJudgement
}

export function reportPage(total: PartResult, { judgement, coverage }: Findings, run: RunDescription): string {
  const held = total.seeds - total.failed.length
  return [
    '# What the simulation has shown',
    '',
    'Written by `tandem simulate --seeds N --report FILE`; do not edit.',
    '',
    `Seeds ${run.firstSeed} to ${run.lastSeed} of program \`${run.program}\`.`,
    '',
    ...figures([
      ['Seeds', total.seeds],
      ['Seeds in which every property held', held],
      ['Seeds that are open findings', judgement.open.length],
      ['Seeds that failed otherwise', judgement.failed.length],
      ['Events', total.acts],
      ['Simulated hours', Math.round(total.simulatedSeconds / 3600)],
      ['Clients', total.clients],
      ['Leases given or renewed', total.leases],
      ['Faults', total.faults],
      ['Seeds with at least ten faults', total.seedsWithTenFaults],
      ['Cells that can be reached', coverage.expectedCount],
      ['Cells of these that were reached', coverage.reachedCount],
    ]),
    ...open(judgement),
    ...failed(judgement.failed),
    ...coverageLists(coverage),
    ...reached(total),
  ].join('\n')
}

function figures(rows: readonly (readonly [string, number])[]): readonly string[] {
  return ['| What | Number |', '| --- | --- |', ...rows.map(([what, number]) => `| ${what} | ${number} |`), '']
}

function open({ open: findings }: Judgement): readonly string[] {
  if (findings.length === 0) return []
  const rows = findings.map(({ seed, checkers, known }) => `| ${seed} | ${checkers.join(', ')} | ${known} |`)
  return ['## Open findings', '', '| Seed | Checkers | What is known |', '| --- | --- | --- |', ...rows, '']
}

function failed(failures: readonly FailedSeed[]): readonly string[] {
  if (failures.length === 0) return []
  const rows = failures.map(({ seed, violations }) => {
    const checkers = new Set(violations.map(({ checker }) => checker))
    return `| ${seed} | ${[...checkers].join(', ')} |`
  })
  return ['## Failed', '', '| Seed | Checkers |', '| --- | --- |', ...rows, '']
}

/** A message in a stream cannot be lost or doubled by itself, so the page says what stands for it. */
const meaning = [
  'A cell is a row and a column of one of the tables that the servers run with, or a value of a registry.',
  'Messages between the servers go over TCP, which loses and doubles nothing by itself. *Lost* is what was on its way when its',
  'connection ended; *sent again* is what was lost so and has come over a later connection, for updates the same lease; *late* is',
  'what came a tenth of a second or more after it was sent. A fault counts for the states in which the two servers were when it',
  'began; the loss of a disk in favour of an older copy counts when the disk is lost.',
]

function coverageLists({ zeros, reachedAfterAll, rare }: CoverageJudgement): readonly string[] {
  const unreachable = unreachableCells.flatMap(({ cells, why, rule }) =>
    [...Map.groupBy(cells, areaOf)].map(
      ([area, inside]) => `| ${area} | ${inside.map(whatOf).join(', ')} | ${why} | ${rule} |`,
    ),
  )
  return [
    '## Coverage',
    '',
    ...meaning,
    '',
    ...cellList('Never reached', zeros),
    ...cellList('Reachable after all: to be taken off the list', reachedAfterAll),
    ...cellList('Too rare to be asked of a run, and not reached', rare),
    '### Unreachable',
    '',
    'A cell of this list that is reached fails the run.',
    '',
    '| Area | Cells | Why | Rule |',
    '| --- | --- | --- | --- |',
    ...unreachable,
    '',
  ]
}

function cellList(title: string, cells: readonly Cell[]): readonly string[] {
  if (cells.length === 0) return title === 'Never reached' ? ['Every cell that can be reached was reached.', ''] : []
  const rows = [...Map.groupBy(cells, areaOf)].map(([area, inside]) => `| ${area} | ${inside.map(whatOf).join(', ')} |`)
  return [`### ${title}`, '', '| Area | Cells |', '| --- | --- |', ...rows, '']
}

function areaOf(cell: Cell): string {
  return cell.slice(0, cell.indexOf(': '))
}

function whatOf(cell: Cell): string {
  return cell.slice(cell.indexOf(': ') + 2)
}

/** One table for each area that was counted. */
function reached(total: PartResult): readonly string[] {
  const counts = Object.entries(total.reached).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [...Map.groupBy(counts, ([cell]) => areaOf(cell))].flatMap(([area, rows]) => [
    `## Reached: ${area}`,
    '',
    ...figures(rows.map(([cell, count]) => [whatOf(cell), count])),
  ])
}
