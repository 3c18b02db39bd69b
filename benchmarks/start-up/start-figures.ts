/** From single starts to what is told of them: seconds, and octets of memory for each lease. */
import { spreadOf, spreadText } from '../harness/statistics.ts'
import { alignColumns } from '../harness/table.ts'

export interface MeasuredStart {
  readonly contestant: string
  readonly leases: number
  /** From the start of the process to the first ADVERTISE that a client heard. */
  readonly answeredAfterSeconds: number
  /** Of all its threads, until then. */
  readonly cpuSeconds: number
  /** When it has come to rest after that. */
  readonly residentMegabytes: number
  readonly peakMegabytes: number
}

/** What each lease adds to a server without any. The peak holds also what was only needed on the way. */
export function octetsPerLease(megabytes: number, megabytesWithoutLeases: number, leases: number): number {
  return ((megabytes - megabytesWithoutLeases) * 1e6) / leases
}

export function startTable(starts: readonly MeasuredStart[]): string {
  const head = [
    'started with',
    '',
    'first answer after s: median (lowest to highest)',
    'CPU s',
    'memory MB',
    'peak MB',
    'octets of memory per lease',
    'at the peak',
  ]
  const groups = Map.groupBy(starts, ({ contestant, leases }) => `${contestant} ${leases}`)
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [rowOf(group, first, starts)]
  })
  return alignColumns([head, ...rows])
}

function rowOf(
  group: readonly MeasuredStart[],
  { contestant, leases }: MeasuredStart,
  all: readonly MeasuredStart[],
): readonly string[] {
  const empty = all.filter((start) => start.contestant === contestant && start.leases === 0)
  const median = (values: readonly number[]): number => spreadOf(values).median
  const resident = median(group.map(({ residentMegabytes }) => residentMegabytes))
  const peak = median(group.map(({ peakMegabytes }) => peakMegabytes))
  const perLease = (megabytes: number): string => {
    if (leases === 0 || empty.length === 0) return '-'
    const without = median(empty.map(({ residentMegabytes }) => residentMegabytes))
    return octetsPerLease(megabytes, without, leases).toFixed(0)
  }
  return [
    contestant,
    `${leases} leases`,
    spreadText(spreadOf(group.map(({ answeredAfterSeconds }) => answeredAfterSeconds)), 2),
    median(group.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
    resident.toFixed(0),
    peak.toFixed(0),
    perLease(resident),
    perLease(peak),
  ]
}
