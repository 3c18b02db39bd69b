/** From one resync to its line in the table. */
import { alignColumns, type Row } from '../harness/table.ts'
import { delayText } from '../leases-per-second/measure.ts'
import { lostPart, type LoadReport } from '../leases-per-second/load-report.ts'
import type { Synchronised } from './contestant.ts'

export interface ProcessFigures {
  readonly name: 'survivor' | 'returned'
  /** From the start of the one that returned to the end of the sync. */
  readonly cpuSeconds: number
  readonly residentMegabytes: number
  readonly peakMegabytes: number
}

export interface Resync {
  readonly contestant: string
  readonly leases: number
  readonly returnedAtMs: number
  readonly synchronised: Synchronised
  readonly processes: readonly ProcessFigures[]
  /** Of the same steady load, by the survivor alone, and while the sync went on. */
  readonly before: LoadReport
  readonly during: LoadReport
}

/** From the question for all leases to the last of them. */
export function syncSeconds({ synchronised: { askedAtMs, endedAtMs } }: Pick<Resync, 'synchronised'>): number {
  return (endedAtMs - askedAtMs) / 1000
}

export function leasesPerSecond(resync: Pick<Resync, 'synchronised' | 'leases'>): number {
  return resync.leases / syncSeconds(resync)
}

export function resyncTable(resyncs: readonly Resync[]): string {
  const head = [
    'resync of',
    'leases',
    'sync s',
    'leases/s',
    'from start s',
    'CPU s: survivor + returned',
    'memory MB',
    'peak MB',
    'before: REPLY',
    'lost %',
    'during: ADVERTISE',
    'REPLY',
    'lost %',
  ]
  return alignColumns([head, ...resyncs.map(rowOf)])
}

function rowOf(resync: Resync): Row {
  const { contestant, leases, returnedAtMs, synchronised, processes, before, during } = resync
  const each = (figure: (process: ProcessFigures) => number, digits: number): string =>
    processes.map((process) => figure(process).toFixed(digits)).join(' + ')
  const lost = (report: LoadReport): string => (100 * lostPart(report)).toFixed(2)
  return [
    contestant,
    String(leases),
    syncSeconds(resync).toFixed(1),
    leasesPerSecond(resync).toFixed(0),
    ((synchronised.endedAtMs - returnedAtMs) / 1000).toFixed(1),
    each(({ cpuSeconds }) => cpuSeconds, 1),
    each(({ residentMegabytes }) => residentMegabytes, 0),
    each(({ peakMegabytes }) => peakMegabytes, 0),
    delayText(before.requests),
    lost(before),
    delayText(during.solicits),
    delayText(during.requests),
    lost(during),
  ]
}
