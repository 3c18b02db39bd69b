/** `npm run bench overload`: three times the clients that a server can serve, beside Kea: who is still answered, and how soon all are again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say } from '../harness/benchmark-run.ts'
import { chosen } from '../harness/chosen.ts'
import { residentMegabytesOf } from '../harness/process-cost.ts'
import { spreadOf, spreadText } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import type { Contestant, Serving } from '../leases-per-second/contestant.ts'
import { dhcp6load } from '../leases-per-second/dhcp6load.ts'
import { keaAlone } from '../leases-per-second/kea-alone.ts'
import { keaPair } from '../leases-per-second/kea-pair.ts'
import { completed, lostPart, type LoadReport } from '../leases-per-second/load-report.ts'
import { delayText } from '../leases-per-second/measure.ts'
import { climb, type Step } from '../leases-per-second/rate-ladder.ts'
import { tandemAlone } from '../leases-per-second/tandem-alone.ts'
import { tandemPair } from '../leases-per-second/tandem-pair.ts'
import { figuresOf, goodput, phasesOf, type PhaseFigures } from './phases.ts'

const ladder = { startPerSecond: 600, coarseFactor: 1.35, fineFactor: 1.12, lostMax: 0.01, limitPerSecond: 60_000 }

interface Plan {
  readonly seconds: number
  readonly floodFactor: number
}

interface Flooded {
  readonly contestant: string
  readonly peakPerSecond: number
  readonly phases: readonly PhaseFigures[]
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const { values } = parseArgs({
    args: [...args],
    options: {
      contestants: { type: 'string' },
      factor: { type: 'string', default: '3' },
      repeats: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
    },
  })
  const contestants = chosen('contestants', [keaAlone, keaPair, tandemAlone, tandemPair('tls')], values.contestants)
  const plan: Plan = {
    seconds: positive('seconds', values.seconds),
    floodFactor: positive('factor', values.factor),
  }
  const repeats = positive('repeats', values.repeats)
  await runBenchmark('overload', { ...plan, repeats, contestants: contestants.map(({ key }) => key) }, async () => {
    const flooded: Flooded[] = []
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      for (const contestant of contestants) {
        say(`\n${contestant.name}, repeat ${repeat} of ${repeats}`)
        flooded.push(await floodOne(contestant, plan))
      }
    }
    return { report: tableOf(flooded), record: { flooded } }
  })
}

async function floodOne(contestant: Contestant, plan: Plan): Promise<Flooded> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
  const link = buildBenchLink()
  try {
    const serving = await contestant.start(link, folder, { prefixes: false })
    try {
      const found = await loadAndFlood(link, serving, plan)
      rmSync(folder, { recursive: true })
      return { contestant: contestant.name, ...found }
    } finally {
      await serving.stop()
    }
  } finally {
    link.remove()
  }
}

async function loadAndFlood(link: BenchLink, serving: Serving, plan: Plan): Promise<Omit<Flooded, 'contestant'>> {
  const generator = dhcp6load('global')
  let clientGroup = 0
  const load = (exchangesPerSecond: number, renewalsPerSecond: number, seconds: number): Promise<LoadReport> => {
    clientGroup += 1
    return generator.run(link.load, INTERFACE, {
      asked: 'addresses',
      exchangesPerSecond: Math.round(exchangesPerSecond),
      renewalsPerSecond: Math.round(renewalsPerSecond),
      seconds,
      clientGroup,
    })
  }
  await load(ladder.startPerSecond / 2, 0, 3)
  const best = await climb(ladder, async (target): Promise<Step> => {
    const report = await load(target, 0, plan.seconds)
    await serving.settle()
    return {
      targetPerSecond: target,
      startedPerSecond: report.solicits.sent / plan.seconds,
      completedPerSecond: completed(report.requests) / plan.seconds,
      lost: lostPart(report),
    }
  })
  if (best === undefined) throw new Error('the lowest rate was too much already')
  const peakPerSecond = best.completedPerSecond
  say(`  carries ${peakPerSecond.toFixed(0)} exchanges/s`)
  const phases: PhaseFigures[] = []
  // Without a pause: what the flood leaves behind in queues is part of the time after it.
  for (const phase of phasesOf(plan.floodFactor, plan.seconds)) {
    const report = await load(phase.newClients * peakPerSecond, phase.renewals * peakPerSecond, phase.seconds)
    const resident = serving.processes.map(({ program }) => Math.round(residentMegabytesOf(program.pid)))
    const figures = figuresOf(phase, report, resident)
    phases.push(figures)
    say(`  ${describe(figures)}`)
    mustLive(serving)
  }
  // Throws where a server of a pair has left NORMAL.
  await serving.settle()
  return { peakPerSecond, phases }
}

function mustLive({ processes }: Serving): void {
  const dead = processes.find(({ program }) => program.exit() !== undefined)
  if (dead !== undefined) throw new Error(`${dead.name} died under load`)
}

function describe(figures: PhaseFigures): string {
  const { phase, askedPerSecond, completedPerSecond, requestsAnswered, renewalsAnswered, requests, renewals } = figures
  return [
    `${phase}: ${askedPerSecond.toFixed(0)} new clients/s, ${completedPerSecond.toFixed(0)} served/s`,
    `REQUESTs answered ${percent(requestsAnswered)}, REPLY ${delayText(requests)}`,
    ...(renewals === undefined ? [] : [`renewals answered ${percent(renewalsAnswered)}, ${delayText(renewals)}`]),
    `${figures.residentMegabytes.join(' + ')} MB`,
  ].join('; ')
}

function tableOf(flooded: readonly Flooded[]): string {
  const head: Row = [
    'median (lowest to highest)',
    'peak, exchanges/s',
    'served of the peak under the flood, %',
    'REQUESTs answered, %',
    'renewals answered, %',
    'after it: served of those that asked, %',
    'renewal p95 before, under, after, ms',
    'memory MB before, under, after',
  ]
  const names = [...new Set(flooded.map(({ contestant }) => contestant))]
  return alignColumns([
    head,
    ...names.map((name) =>
      rowOf(
        name,
        flooded.filter(({ contestant }) => contestant === name),
      ),
    ),
  ])
}

function rowOf(name: string, repeats: readonly Flooded[]): Row {
  const phase = (wanted: PhaseFigures['phase']): readonly PhaseFigures[] =>
    repeats.flatMap(({ phases }) => phases.filter(({ phase: found }) => found === wanted))
  const floods = phase('flood')
  const spread = (values: readonly number[], digits = 0): string => spreadText(spreadOf(values), digits)
  const medians = (of: (figures: PhaseFigures) => number): string =>
    (['before', 'flood', 'after'] as const).map((each) => spreadOf(phase(each).map(of)).median.toFixed(0)).join(', ')
  const lastMemory = (figures: PhaseFigures): number => figures.residentMegabytes.reduce((sum, each) => sum + each, 0)
  return [
    name,
    spread(repeats.map(({ peakPerSecond }) => peakPerSecond)),
    spread(
      repeats.flatMap(({ phases, peakPerSecond }) =>
        phases.filter(({ phase: found }) => found === 'flood').map((flood) => 100 * goodput(flood, peakPerSecond)),
      ),
    ),
    spread(floods.map(({ requestsAnswered }) => 100 * requestsAnswered)),
    spread(floods.map(({ renewalsAnswered }) => 100 * (renewalsAnswered ?? 0))),
    spread(phase('after').map(({ completedPerSecond, askedPerSecond }) => (100 * completedPerSecond) / askedPerSecond)),
    medians(({ renewals }) => renewals?.percentiles?.p95Ms ?? Number.NaN),
    medians(lastMemory),
  ]
}

function percent(part: number | undefined): string {
  return part === undefined ? 'none' : `${(100 * part).toFixed(1)} %`
}
