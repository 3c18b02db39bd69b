/** `npm run bench engine-step`: microseconds of one step of the engine, without sockets and disk, by kind and by size of its table. */
import { parseArgs } from 'node:util'
import { startAlone, startPair, type EngineServers } from '../engines/engine-servers.ts'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { spreadText } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import { codecNanoseconds } from './codec-share.ts'
import { figuresOf, type BatchCost, type StepFigures } from './step-figures.ts'
import { CLIENTS_MAX, clientsUsed, timeBatch, type TimedBatch } from './step-subjects.ts'

interface Population {
  readonly server: string
  readonly isPair: boolean
  readonly leases: number
}

interface MeasuredPopulation {
  readonly server: string
  readonly leases: number
  readonly leasesAtTheEnd: number
  readonly startMs: number
  /** With whatever garbage there is at that moment. */
  readonly heapMegabytes: number
  readonly steps: readonly StepFigures[]
}

interface StepPlan {
  readonly runs: number
  readonly batches: number
  readonly clients: number
}

/** Batches before the first run, whose code is still being compiled. */
const WARM_UP_BATCHES = 12

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      batches: { type: 'string', default: '8' },
      clients: { type: 'string', default: '250' },
      leases: { type: 'string', default: '1000,100000,1000000' },
    },
  })
  const plan = {
    runs: positive('runs', values.runs),
    batches: positive('batches', values.batches),
    clients: Math.min(CLIENTS_MAX, positive('clients', values.clients)),
  }
  const leases = values.leases.split(',').map((text) => positive('leases', text))
  if (leases.some((count) => count < plan.clients)) {
    throw new Error(`--leases: each of the ${plan.clients} clients of a batch renews a lease of its own.`)
  }
  await runBenchmark('engine-step', { ...plan, leases }, () => measure(leases, plan))
}

function measure(leases: readonly number[], plan: StepPlan): Measured {
  const populations = leases.flatMap((count): readonly Population[] => [
    { server: 'alone', isPair: false, leases: count },
    { server: 'pair in NORMAL', isPair: true, leases: count },
  ])
  const measured = populations.map((population) => measurePopulation(population, plan))
  return { report: reportOf(measured), record: { populations: measured } }
}

function measurePopulation(population: Population, plan: StepPlan): MeasuredPopulation {
  const { server, isPair, leases } = population
  const startedAt = performance.now()
  const servers = isPair ? startPair(leases) : startAlone(leases)
  const startMs = Math.round(performance.now() - startedAt)
  const batches = new Batches(population, servers, plan.clients)
  for (let batch = 0; batch < WARM_UP_BATCHES; batch += 1) batches.next()
  const runs = Array.from({ length: plan.runs }, () =>
    Array.from({ length: plan.batches }, () => batches.next()).flat(),
  )
  const heapMegabytes = Math.round(process.memoryUsage().heapUsed / 1e6)
  say(`${server}, ${leases} leases: made in ${startMs} ms, at the end ${heapMegabytes} MB of heap`)
  return {
    server,
    leases,
    startMs,
    heapMegabytes,
    leasesAtTheEnd: batches.leasesNow,
    steps: figuresOf(runs),
  }
}

class Batches {
  readonly #population: Population
  readonly #servers: EngineServers
  readonly #clients: number
  #nextClient: number

  constructor(population: Population, servers: EngineServers, clients: number) {
    this.#population = population
    this.#servers = servers
    this.#clients = clients
    this.#nextClient = population.leases
  }

  get leasesNow(): number {
    return this.#nextClient
  }

  next(): readonly BatchCost[] {
    const { isPair, leases } = this.#population
    const clock = (): number => performance.now()
    const timed = timeBatch({
      servers: this.#servers,
      isPair,
      leases,
      clients: this.#clients,
      firstNewClient: this.#nextClient,
      clock,
    })
    this.#nextClient += clientsUsed(this.#clients)
    return timed.map((batch: TimedBatch) => ({
      step: batch.step,
      steps: batch.steps,
      nanoseconds: batch.nanoseconds,
      codecNanoseconds: codecNanoseconds(batch.taken, batch.given, clock),
    }))
  }
}

function reportOf(measured: readonly MeasuredPopulation[]): string {
  const sizes = [...new Set(measured.map(({ leases }) => leases))]
  const kinds = [...new Set(measured.flatMap(({ server, steps }) => steps.map(({ step }) => `${server}: ${step}`)))]
  const rows = kinds.map((kind): Row => {
    const found = (leases: number): StepFigures | undefined =>
      measured
        .filter((population) => population.leases === leases)
        .flatMap(({ server, steps }) => steps.filter(({ step }) => `${server}: ${step}` === kind))[0]
    const all = sizes.map(found)
    const cells = all.map((each) => (each === undefined ? '-' : spreadText(each.microseconds, 1)))
    const last = all.at(-1)
    return [kind, ...cells, last === undefined ? '-' : spreadText(last.codecMicroseconds, 1)]
  })
  const sized = sizes.map((leases) => `${leases} leases`)
  const head = ['us of a step: median (lowest to highest)', ...sized, 'codec alone']
  return `${alignColumns([head, ...rows])}\n\n${REMARK}`
}

const REMARK = `Codec alone: reading the same octets in and writing the same octets out, at the last size. RENEW is of restored leases;
the other clients are new, so a small table grows during the run (the JSON says to what).`
