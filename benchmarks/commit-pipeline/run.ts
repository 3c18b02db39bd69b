/** `npm run bench commit-pipeline`: rows per second and milliseconds of a commit by its size, beside one fdatasync of the same changes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  postgresqlPrograms,
  startPostgresqlCluster,
} from '../../apps/server/src/storage/test-support/postgresql-cluster.ts'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { quantileOf, spreadOf, spreadText } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import { CommitLoad, rowsPerSecond, type CommitTimes } from './commit-load.ts'
import { bareFile, postgresqlWays, storeBehindWorker, storeOnThisThread, type CommitWay } from './commit-ways.ts'

const results = join(import.meta.dirname, '..', 'results')

interface Plan {
  readonly batches: readonly number[]
  readonly leases: number
  readonly runs: number
  readonly runMs: number
  readonly folder: string
}

interface WayTimes extends CommitTimes {
  readonly way: string
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      batches: { type: 'string', default: '1,16,64,256,512' },
      leases: { type: 'string', default: '100000' },
      runs: { type: 'string', default: '5' },
      'run-ms': { type: 'string', default: '1500' },
      folder: { type: 'string', default: results },
    },
  })
  const plan: Plan = {
    batches: values.batches.split(',').map((text) => positive('batches', text)),
    leases: positive('leases', values.leases),
    runs: positive('runs', values.runs),
    runMs: positive('run-ms', values['run-ms']),
    folder: values.folder,
  }
  await runBenchmark('commit-pipeline', { ...plan }, () => measure(plan))
}

async function measure(plan: Plan): Promise<Measured> {
  mkdirSync(plan.folder, { recursive: true })
  const folder = mkdtempSync(join(plan.folder, 'commits-'))
  const ways: CommitWay[] = []
  const cluster = postgresqlPrograms() === undefined ? undefined : await startPostgresqlCluster(plan.folder)
  try {
    ways.push(storeOnThisThread(folder), storeBehindWorker(folder))
    if (cluster !== undefined) ways.push(...(await postgresqlWays(cluster)))
    ways.push(bareFile(folder))
    const times = await measureWays(ways, plan)
    return { report: reportOf(ways, times, plan), record: { times } }
  } finally {
    for (const way of ways) await way.close()
    await cluster?.remove()
    rmSync(folder, { recursive: true })
  }
}

async function measureWays(ways: readonly CommitWay[], plan: Plan): Promise<readonly WayTimes[]> {
  const loads = ways.map((way) => ({ way, load: new CommitLoad(way, plan.leases) }))
  say(`filling with ${plan.leases} leases`)
  for (const { load } of loads) await load.fill()
  const times: WayTimes[] = []
  for (let turn = 1; turn <= plan.runs; turn += 1) {
    say(`run ${turn} of ${plan.runs}`)
    for (const batch of plan.batches) {
      for (const { way, load } of loads) {
        times.push({ way: way.name, ...(await load.run(batch, plan.runMs, () => performance.now())) })
      }
    }
  }
  return times
}

function reportOf(ways: readonly CommitWay[], times: readonly WayTimes[], { batches }: Plan): string {
  const rows = ways.flatMap(({ name }) => batches.map((batch) => rowOf(name, batch, times)))
  const head = [
    'changes in a commit',
    '',
    'changes/s: median (lowest to highest)',
    'ms of a commit: p50',
    'p95',
    'p99',
    'longest',
  ]
  const table = alignColumns([head, ...rows])
  return postgresqlPrograms() === undefined
    ? `${table}\n\nNOT MEASURED: there is no PostgreSQL on this machine.`
    : table
}

function rowOf(name: string, batch: number, times: readonly WayTimes[]): Row {
  const runs = times.filter((each) => each.way === name && each.batch === batch)
  const sorted = runs.flatMap(({ commitsMs }) => commitsMs).toSorted((a, b) => a - b)
  const delays = [0.5, 0.95, 0.99, 1].map((quantile) => quantileOf(sorted, quantile).toFixed(2))
  return [name, String(batch), spreadText(spreadOf(runs.map(rowsPerSecond)), 0), ...delays]
}
