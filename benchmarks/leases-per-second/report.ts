/** The table at the end: one line for each contestant, with the median of its repeats and how far they lie apart. */
import { alignColumns } from '../harness/table.ts'
import type { MeasuredStep, Repeat } from './measure.ts'

export function reportTable(repeats: readonly Repeat[]): string {
  const names = [...new Set(repeats.map(({ contestant }) => contestant))]
  const rows = names.map((name) =>
    rowOf(
      name,
      repeats.filter(({ contestant }) => contestant === name),
    ),
  )
  const head = [
    '',
    'leases/s: median (lowest to highest)',
    'CPU ms per lease',
    'ADVERTISE, REPLY avg ms',
    'memory MB',
    'settled after',
  ]
  return alignColumns([head, ...rows])
}

function rowOf(name: string, repeats: readonly Repeat[]): readonly string[] {
  const bests = repeats.flatMap(({ best }) => (best === undefined ? [] : [best]))
  const sorted = bests.toSorted((a, b) => a.completedPerSecond - b.completedPerSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined || sorted.length < repeats.length) {
    return [name, `nothing carried in ${repeats.length - sorted.length} of ${repeats.length} repeats`]
  }
  const rate = (step: MeasuredStep | undefined): string => step?.completedPerSecond.toFixed(0) ?? '-'
  const sum = median.costs.reduce((total, { cpuMsPerLease }) => total + cpuMsPerLease, 0)
  const parts = median.costs.map(({ name: process, cpuMsPerLease }) => `${process} ${cpuMsPerLease.toFixed(2)}`)
  return [
    name,
    `${rate(median)} (${rate(sorted[0])} to ${rate(sorted.at(-1))})`,
    parts.length > 1 ? `${sum.toFixed(2)} (${parts.join(', ')})` : sum.toFixed(2),
    `${median.solicits.averageDelayMs?.toFixed(1) ?? '-'}, ${median.requests.averageDelayMs?.toFixed(1) ?? '-'}`,
    median.costs.map(({ residentMegabytes }) => residentMegabytes).join(' + '),
    `${median.settledAfterSeconds.toFixed(1)} s`,
  ]
}
