/** `npm run bench full-resync`: a server comes back without its store and gets all leases, while its partner serves clients; beside Kea. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { waitUntil } from '../../e2e/topology/wait-until.ts'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { chosen } from '../harness/chosen.ts'
import { cpuSecondsOf, peakResidentMegabytesOf, residentMegabytesOf } from '../harness/process-cost.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import { startOpenLoad } from '../leases-per-second/dhcp6load.ts'
import type { Load, LoadReport } from '../leases-per-second/load-report.ts'
import type { ResyncContestant, Survivor } from './contestant.ts'
import { keaResync } from './kea-resync.ts'
import { leasesPerSecond, resyncTable, syncSeconds, type Resync } from './resync-figures.ts'
import { tandemResync } from './tandem-resync.ts'

const SYNC_LIMIT_MS = 900_000
/** Both servers compile their code and the survivor gets over its start. */
const WARM_UP_SECONDS = 5

interface Plan {
  readonly contestants: readonly ResyncContestant[]
  readonly counts: Readonly<Record<string, readonly number[]>>
  readonly rate: number
  readonly secondsBefore: number
  readonly repeats: number
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const { values } = parseArgs({
    args: [...args],
    options: {
      contestants: { type: 'string' },
      leases: { type: 'string', default: '100000,1000000' },
      'kea-leases': { type: 'string', default: '100000' },
      rate: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '10' },
      repeats: { type: 'string', default: '1' },
      transport: { type: 'string', default: 'tls' },
      window: { type: 'string' },
    },
  })
  const { transport, window } = values
  if (transport !== 'tls' && transport !== 'insecure') throw new Error('--transport takes tls or insecure.')
  const maxUnacked = window === undefined ? undefined : positive('window', window)
  const numbers = (name: string, text: string): readonly number[] => text.split(',').map((one) => positive(name, one))
  const plan: Plan = {
    contestants: chosen('contestants', [tandemResync(transport, maxUnacked), keaResync], values.contestants),
    counts: {
      'tandem-pair': numbers('leases', values.leases),
      'kea-pair': numbers('kea-leases', values['kea-leases']),
    },
    rate: positive('rate', values.rate),
    secondsBefore: positive('seconds', values.seconds),
    repeats: positive('repeats', values.repeats),
  }
  const method = { ...plan, contestants: plan.contestants.map(({ key }) => key), transport, maxUnacked }
  await runBenchmark('full-resync', method, () => measure(plan))
}

async function measure(plan: Plan): Promise<Measured> {
  const resyncs: Resync[] = []
  for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
    for (const contestant of plan.contestants) {
      for (const leases of plan.counts[contestant.key] ?? []) {
        const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
        say(
          `\n${contestant.name}: ${leases} leases, repeat ${repeat} of ${plan.repeats} (logs in ${folder} until it is done)`,
        )
        const resync = await measureResync(contestant, leases, { plan, folder })
        say(`  ${syncSeconds(resync).toFixed(1)} s, ${leasesPerSecond(resync).toFixed(0)} leases/s`)
        resyncs.push(resync)
        // Kept when it failed, for its logs.
        rmSync(folder, { recursive: true })
      }
    }
  }
  const sorted = resyncs.toSorted((a, b) => a.leases - b.leases || a.contestant.localeCompare(b.contestant))
  const remark = `Steady load: ${plan.rate} exchanges/s of new clients by dhcp6load; lost: not answered within the load's time and a second.`
  return { report: `${resyncTable(sorted)}\n\n${remark}`, record: { resyncs } }
}

interface Scene {
  readonly plan: Plan
  readonly folder: string
}

async function measureResync(contestant: ResyncContestant, leases: number, { plan, folder }: Scene): Promise<Resync> {
  const link = buildBenchLink()
  try {
    const survivor = await contestant.startSurvivor(link, folder, leases)
    try {
      const loads = steadyLoads(link, plan.rate)
      await loads.run(WARM_UP_SECONDS)
      const before = await loads.run(plan.secondsBefore)
      const resync = await syncUnderLoad(survivor, loads)
      return { contestant: contestant.name, leases, before, ...resync(leases) }
    } finally {
      await survivor.stop()
    }
  } finally {
    link.remove()
  }
}

type Loads = ReturnType<typeof steadyLoads>

/** Each with clients of its own. */
function steadyLoads(link: BenchLink, rate: number) {
  let clientGroup = 0
  const start = () => {
    clientGroup += 1
    const seconds = SYNC_LIMIT_MS / 1000
    const load: Load = { asked: 'addresses', exchangesPerSecond: rate, renewalsPerSecond: 0, seconds, clientGroup }
    return startOpenLoad(link.load, INTERFACE, load)
  }
  return {
    start,
    async run(seconds: number): Promise<LoadReport> {
      const load = start()
      await delay(seconds * 1000)
      return load.end()
    },
  }
}

/** Answers what is known of it but the number of leases that it should have brought; throws when there are fewer. */
async function syncUnderLoad(survivor: Survivor, loads: Loads) {
  const cpuBefore = cpuSecondsOf(survivor.program.pid)
  const load = loads.start()
  const returnedAtMs = Date.now()
  const returned = survivor.returnPartner()
  try {
    const programs = [survivor.program, returned.program]
    const synchronised = await waitUntil('the sync is over', SYNC_LIMIT_MS, () => {
      const ended = programs.find((program) => program.exit() !== undefined)
      return ended === undefined ? returned.synchronised() : 'ended'
    })
    if (synchronised === 'ended') throw new Error(`a server has ended:\n${returned.program.output().slice(-2000)}`)
    const processes = programs.map(({ pid }, index) => ({
      name: index === 0 ? ('survivor' as const) : ('returned' as const),
      cpuSeconds: cpuSecondsOf(pid) - (index === 0 ? cpuBefore : 0),
      residentMegabytes: residentMegabytesOf(pid),
      peakMegabytes: peakResidentMegabytesOf(pid),
    }))
    const during = await load.end()
    const count = await returned.countLeases()
    return (leases: number) => {
      if (count < leases) throw new Error(`only ${count} of ${leases} leases came`)
      return { returnedAtMs, synchronised, processes, during }
    }
  } finally {
    await returned.program.stop()
  }
}
