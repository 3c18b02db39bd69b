/** The table at the end: one for each load, one line for each contestant, with the median of its repeats and how far they lie apart. */
import { alignColumns, type Row } from '../harness/table.ts'
import type { LoadKind } from './load-kinds.ts'
import { delayText, type MeasuredStep, type Repeat } from './measure.ts'

export function reportTables(repeats: readonly Repeat[], kinds: readonly LoadKind[]): string {
  return kinds
    .map((kind) =>
      tableOf(
        kind,
        repeats.filter(({ load }) => load === kind.key),
      ),
    )
    .join('\n\n')
}

function tableOf(kind: LoadKind, repeats: readonly Repeat[]): string {
  const names = [...new Set(repeats.map(({ contestant }) => contestant))]
  const rows = names.map((name) =>
    rowOf(
      kind,
      repeats.filter(({ contestant }) => contestant === name),
    ),
  )
  const head = [
    kind.title,
    'exchanges/s: median (lowest to highest)',
    ...(kind.renews ? ['renewals/s'] : []),
    'CPU ms per lease',
    'ADVERTISE',
    'REPLY',
    ...(kind.renews ? ['renewal'] : []),
    'memory MB',
    'settled after',
  ]
  return alignColumns([head, ...rows])
}

function rowOf(kind: LoadKind, repeats: readonly Repeat[]): Row {
  const name = repeats[0]?.contestant ?? ''
  const bests = repeats.flatMap(({ best }) => (best === undefined ? [] : [best]))
  const sorted = bests.toSorted((a, b) => a.completedPerSecond - b.completedPerSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined || sorted.length < repeats.length) {
    return [name, `nothing carried in ${repeats.length - sorted.length} of ${repeats.length} repeats`]
  }
  const rate = (step: MeasuredStep | undefined): string => step?.completedPerSecond.toFixed(0) ?? '-'
  const sum = median.costs.reduce((total, { cpuMsPerLease }) => total + cpuMsPerLease, 0)
  const parts = median.costs.map(({ name: process, cpuMsPerLease }) => `${process} ${cpuMsPerLease.toFixed(2)}`)
  const { renewals } = median
  return [
    name,
    `${rate(median)} (${rate(sorted[0])} to ${rate(sorted.at(-1))})`,
    ...(kind.renews ? [median.renewedPerSecond.toFixed(0)] : []),
    parts.length > 1 ? `${sum.toFixed(2)} (${parts.join(', ')})` : sum.toFixed(2),
    delayText(median.solicits),
    delayText(median.requests),
    ...(renewals === undefined ? [] : [delayText(renewals)]),
    median.costs.map(({ residentMegabytes }) => residentMegabytes).join(' + '),
    `${median.settledAfterSeconds.toFixed(1)} s`,
  ]
}
