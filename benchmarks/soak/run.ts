/** `npm run bench soak`: a pair in NORMAL for half an hour at 70 % of what it carries, and whether anything of it grows. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { buildBenchLink, INTERFACE, type BenchLink } from '../leases-per-second/bench-link.ts'
import { dhcp6load } from '../leases-per-second/dhcp6load.ts'
import { completed, lostPart, type Generator } from '../leases-per-second/load-report.ts'
import { delayText } from '../leases-per-second/measure.ts'
import { climb, type LadderRules, type Step } from '../leases-per-second/rate-ladder.ts'
import { startTandemPair, usualTimers } from '../leases-per-second/tandem-pair.ts'
import { probeEnvironment } from '../server-probe/probe-samples.ts'
import { paidDownTo } from './debt.ts'
import { liveGrowthOf, measureLiveMemory, type LiveMemory } from './live-memory.ts'
import { LOAD_SECONDS, probeFolder, runMinute, type Minute, type Soak } from './minute.ts'
import { reportOf } from './report.ts'

const results = join(import.meta.dirname, '..', 'results')

/** Coarser than that of leases per second: it is only to know where 70 % are. */
const ladder: LadderRules = {
  startPerSecond: 200,
  coarseFactor: 1.5,
  fineFactor: 1.2,
  lostMax: 0.01,
  limitPerSecond: 20_000,
}
const STEP_SECONDS = 10
/** A step after which the partner is behind for longer than this is not carried; asking takes a second on a busy machine. */
const OWED_SECONDS_MAX = 6
const WARM_UP_SECONDS = 4
/** Until leases end as fast as they are given, which the short steps of the ladder know nothing of. */
const SETTLING_MINUTES = 4

/** Three groups of clients take turns by the minute: when one comes back, its leases have long run out. */
const GROUPS = 3
const FIRST_LADDER_GROUP = 10
const lifetimes = { valid: '100s', preferred: '80s', t1: 0.5, t2: 0.8 }
/** So little is kept that a leak of what is kept would show: the bound is reached in minutes. */
const history = { leases: { count: 100_000 }, decisions: { count: 10_000 } }

interface Plan {
  readonly minutes: number
  /** Undefined: the part of what the ladder finds. */
  readonly rate: number | undefined
  readonly part: number
  readonly folder: string
  readonly nodeOptions: string
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      part: { type: 'string', default: '0.7' },
      rate: { type: 'string' },
      folder: { type: 'string', default: results },
      'server-node-options': { type: 'string', default: '' },
    },
  })
  const plan: Plan = {
    minutes: positive('minutes', values.minutes),
    rate: values.rate === undefined ? undefined : positive('rate', values.rate),
    part: positive('part', values.part),
    folder: values.folder,
    nodeOptions: values['server-node-options'],
  }
  await runBenchmark('soak', { ...plan, ladder, lifetimes, history, groups: GROUPS }, () => measure(plan))
}

async function measure(plan: Plan): Promise<Measured> {
  mkdirSync(plan.folder, { recursive: true })
  const folder = mkdtempSync(join(plan.folder, 'soak-'))
  const link = buildBenchLink()
  try {
    const pair = await startTandemPair(link, {
      folder,
      transport: 'tls',
      serves: { prefixes: false },
      relationship: usualTimers,
      lifetimes,
      history,
      environmentOf: (name) => probeEnvironment(probeFolder(folder, name), plan.nodeOptions),
    })
    try {
      const generator = dhcp6load('global')
      const soak = { link, folder, pair, generator }
      const exchangesPerSecond = plan.rate ?? (await rateOf(plan.part, soak))
      const { minutes, live } = await runMinutes(plan, { ...soak, exchangesPerSecond })
      const report = reportOf(minutes, exchangesPerSecond, liveGrowthOf(live))
      return { report, record: { exchangesPerSecond, minutes, live } }
    } finally {
      await Promise.all(pair.map(({ program }) => program.stop()))
    }
  } finally {
    link.remove()
    rmSync(folder, { recursive: true })
  }
}

interface LadderStep extends Step {
  /** As a part of the exchanges, or of the renewals. */
  readonly unanswered: number
  /** After the load: until no more was owed to the partner than a second brings. */
  readonly owedSeconds: number
}

function describeStep({ targetPerSecond, completedPerSecond, unanswered, owedSeconds }: LadderStep): string {
  const late = owedSeconds > OWED_SECONDS_MAX ? ', which is too long' : ''
  return (
    `${targetPerSecond}/s: ${completedPerSecond.toFixed(0)} exchanges/s, unanswered ${(100 * unanswered).toFixed(2)} %, ` +
    `behind with the partner for ${owedSeconds.toFixed(1)} s${late}`
  )
}

/**
 * A part of the limit of what a soak is: where a part of what the ladder found is not carried once leases end too, the limit
 * is what was completed then.
 */
async function rateOf(part: number, soak: Omit<Soak, 'exchangesPerSecond'>): Promise<number> {
  const climbed = await limitOf(soak.pair, soak.link, soak.generator)
  const exchangesPerSecond = Math.round(part * climbed)
  say(`${SETTLING_MINUTES} minutes at ${exchangesPerSecond}/s, until leases end as fast as they are given`)
  let last: Minute | undefined
  for (let minute = 1; minute <= SETTLING_MINUTES; minute += 1) {
    last = await runMinute({ ...soak, exchangesPerSecond }, minute, 1 + (minute % GROUPS))
    say(`  ${describeMinute(last)}`)
  }
  if (last === undefined || lostPart(last.load) < ladder.lostMax) return exchangesPerSecond
  const limit = completed(last.load.requests) / LOAD_SECONDS
  say(`carried with leases that end: ${limit.toFixed(0)}/s`)
  return Math.round(part * limit)
}

/** Exchanges per second, with as many renewals, that are carried. */
async function limitOf(pair: Soak['pair'], link: BenchLink, generator: Generator): Promise<number> {
  let clientGroup = FIRST_LADDER_GROUP
  const step = async (target: number, seconds: number): Promise<LadderStep> => {
    clientGroup += 1
    const load = await generator.run(link.load, INTERFACE, {
      asked: 'addresses',
      exchangesPerSecond: target,
      renewalsPerSecond: target,
      seconds,
      clientGroup,
    })
    const owedSeconds = await paidDownTo(pair, target)
    return {
      targetPerSecond: target,
      startedPerSecond: load.solicits.sent / seconds,
      completedPerSecond: completed(load.requests) / seconds,
      // A rate at which the debt to the partner only grows is not carried for half an hour.
      lost: owedSeconds > OWED_SECONDS_MAX ? 1 : lostPart(load),
      unanswered: lostPart(load),
      owedSeconds,
    }
  }
  say('looking for the limit')
  await step(ladder.startPerSecond / 2, WARM_UP_SECONDS)
  const best = await climb(ladder, async (target) => {
    const measured = await step(target, STEP_SECONDS)
    say(`  ${describeStep(measured)}`)
    return measured
  })
  if (best === undefined) throw new Error('the pair carried no rate at all: give one with --rate')
  return best.completedPerSecond
}

interface Measurements {
  readonly minutes: readonly Minute[]
  readonly live: readonly LiveMemory[]
}

async function runMinutes({ minutes: count }: Plan, soak: Soak): Promise<Measurements> {
  say(`${count} minutes at ${soak.exchangesPerSecond} exchanges and as many renewals a second`)
  const minutes: Minute[] = []
  const live: LiveMemory[] = []
  for (let minute = 1; minute <= count; minute += 1) {
    const measured = await runMinute(soak, minute, 1 + (minute % GROUPS))
    minutes.push(measured)
    say(`  ${describeMinute(measured)}`)
    // Between two minutes, so that no client waits for it.
    if (minute === Math.ceil(count / 3) || minute === count) live.push(await measureLiveMemory(soak.folder, minute))
  }
  return { minutes, live }
}

function describeMinute({ minute, load, unanswered, owed, servers }: Minute): string {
  const { alpha, beta } = servers
  const megabytes = (pick: (server: Minute['servers']['alpha']) => number): string =>
    `${pick(alpha).toFixed(0)} + ${pick(beta).toFixed(0)} MB`
  return [
    `minute ${minute}: REPLY ${delayText(load.requests)}`,
    `${unanswered} unanswered`,
    `${owed} updates owed`,
    `memory ${megabytes(({ residentMegabytes }) => residentMegabytes)}`,
    `database ${megabytes(({ databaseMegabytes }) => databaseMegabytes)}`,
    `write-ahead log ${megabytes(({ writeAheadLogMegabytes }) => writeAheadLogMegabytes)}`,
    `commit log ${megabytes(({ commitLogMegabytes }) => commitLogMegabytes)}`,
  ].join(', ')
}
