/** `npm run bench lease-memory`: octets that an engine needs for one lease, by what it has to remember of it. */
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import { leaseSorts } from './lease-sorts.ts'
import { measureLeases, type LeaseMemory } from './measure-leases.ts'

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { leases: { type: 'string', default: '1000000' } } })
  const leases = positive('leases', values.leases)
  await runBenchmark('lease-memory', { leases }, () => measure(leases))
}

function measure(leases: number): Measured {
  const measured = leaseSorts.map((sort) => {
    say(`${leases} leases: ${sort.name}`)
    return measureLeases(sort, leases)
  })
  return { report: reportOf(measured), record: { measured } }
}

function reportOf(measured: readonly LeaseMemory[]): string {
  const rows = measured.map((each): Row => {
    const { heapOctetsPerLease: heap, bufferOctetsPerLease: buffers } = each
    return [
      each.sort,
      ...[heap + buffers, heap, buffers].map((octets) => octets.toFixed(0)),
      each.startCpuSeconds.toFixed(1),
    ]
  })
  const table = alignColumns([
    ['octets of one lease', 'together', 'heap', 'array buffers', 'CPU s of the start'],
    ...rows,
  ])
  return `${table}\n\n${REMARK}`
}

const REMARK = `What lives after full collections, in this process; a server has its garbage on top. The processor time has the making of the
records in it, which a server reads from its storage.`
