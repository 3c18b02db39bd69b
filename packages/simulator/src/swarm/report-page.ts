/** The page of figures that a run of seeds writes: what was run, what held, what was reached. Nobody writes it by hand. */
import type { Judgement } from './open-findings.ts'
import type { FailedSeed, PartResult } from './part.ts'

export interface RunDescription {
  readonly firstSeed: number
  readonly lastSeed: number
  /** Digest of the packages that decide what a seed does. */
  readonly program: string
}

export function reportPage(total: PartResult, judgement: Judgement, run: RunDescription): string {
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
    ]),
    ...open(judgement),
    ...failed(judgement.failed),
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

/** One table for each area that was counted. */
function reached(total: PartResult): readonly string[] {
  const areas = new Map<string, (readonly [string, number])[]>()
  for (const [key, count] of Object.entries(total.reached).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const at = key.indexOf(': ')
    const rows = areas.get(key.slice(0, at)) ?? []
    rows.push([key.slice(at + 2), count])
    areas.set(key.slice(0, at), rows)
  }
  return [...areas].flatMap(([area, rows]) => [`## Reached: ${area}`, '', ...figures(rows)])
}
