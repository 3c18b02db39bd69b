/** `npm run bench api-load`: what consoles and programs that ask the API cost the clients of a server with a million leases. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { storageFile } from '../../e2e/topology/pair-configuration.ts'
import type { TandemServer } from '../../e2e/topology/tandem-server.ts'
import { writeFilledStore } from '../filled-stores/tandem-store.ts'
import { positive, runBenchmark, say, type Measured } from '../harness/benchmark-run.ts'
import { buildBenchLink, type BenchLink } from '../leases-per-second/bench-link.ts'
import { dhcp6load } from '../leases-per-second/dhcp6load.ts'
import { delayText } from '../leases-per-second/measure.ts'
import { startTandemAlone } from '../leases-per-second/tandem-alone.ts'
import { startTandemPair, usualTimers } from '../leases-per-second/tandem-pair.ts'
import { probeEnvironment } from '../server-probe/probe-samples.ts'
import { runPhase, type Phase, type PhaseName, type Stage } from './phases.ts'
import { reportOf } from './report.ts'
import { requestKinds, type RequestKind } from './requests.ts'

const results = join(import.meta.dirname, '..', 'results')
/** A server reads all of its leases before it serves. */
const START_LIMIT_MS = 300_000
const WARM_UP_SECONDS = 5

interface Plan {
  readonly servers: 'pair' | 'alone'
  readonly leases: number
  readonly exchangesPerSecond: number
  readonly seconds: number
  readonly repeats: number
  readonly consumers: number
  readonly readers: number
  readonly pauseMs: number
  readonly kinds: readonly RequestKind[]
  readonly folder: string
  readonly nodeOptions: string
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const plan = planOf(args)
  await runBenchmark('api-load', { ...plan }, () => measure(plan))
}

function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: 'string', default: 'pair' },
      leases: { type: 'string', default: '1000000' },
      rate: { type: 'string', default: '250' },
      seconds: { type: 'string', default: '20' },
      repeats: { type: 'string', default: '5' },
      consumers: { type: 'string', default: '50' },
      readers: { type: 'string', default: '8' },
      'pause-ms': { type: 'string', default: '200' },
      requests: { type: 'string', default: requestKinds.join() },
      folder: { type: 'string', default: results },
      'server-node-options': { type: 'string', default: '' },
    },
  })
  const { servers } = values
  if (servers !== 'pair' && servers !== 'alone') throw new Error('--servers takes pair or alone.')
  return {
    servers,
    leases: positive('leases', values.leases),
    exchangesPerSecond: positive('rate', values.rate),
    seconds: positive('seconds', values.seconds),
    repeats: positive('repeats', values.repeats),
    consumers: positive('consumers', values.consumers),
    readers: positive('readers', values.readers),
    pauseMs: positive('pause-ms', values['pause-ms']),
    kinds: values.requests.split(',').map(requestKind),
    folder: values.folder,
    nodeOptions: values['server-node-options'],
  }
}

function requestKind(text: string): RequestKind {
  const found = requestKinds.find((kind) => kind === text)
  if (found === undefined) throw new Error(`--requests takes ${requestKinds.join()}, with commas between them.`)
  return found
}

async function measure(plan: Plan): Promise<Measured> {
  mkdirSync(plan.folder, { recursive: true })
  const folder = mkdtempSync(join(plan.folder, 'api-load-'))
  const link = buildBenchLink()
  try {
    const servers = await startServers(plan, link, folder)
    try {
      const phases = await runPhases(plan, stageOf(plan, { link, folder, servers }))
      return { report: reportOf(phases), record: { phases } }
    } finally {
      await Promise.all(servers.map(({ program }) => program.stop()))
    }
  } finally {
    link.remove()
    rmSync(folder, { recursive: true })
  }
}

/** The first is the one that is asked. */
type Servers = readonly [TandemServer] | readonly [TandemServer, TandemServer]

async function startServers(plan: Plan, link: BenchLink, folder: string): Promise<Servers> {
  const { servers, leases, nodeOptions } = plan
  say(`writing ${leases} leases into the store${servers === 'pair' ? ' of each server' : ''}`)
  const fill = (name: 'alpha' | 'beta', role: 'primary' | 'secondary' | undefined): void => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFilledStore({ file: storageFile(folder, name), leases, role, stoppedAtMs: Date.now() })
  }
  const environment = probeEnvironment(probeFolderOf(folder), nodeOptions)
  const place = { folder, serves: { prefixes: false }, startLimitMs: START_LIMIT_MS }
  if (servers === 'alone') {
    fill('alpha', undefined)
    return [await startTandemAlone(link, { ...place, environment })]
  }
  fill('alpha', 'primary')
  fill('beta', 'secondary')
  const environmentOf = (name: string) => (name === 'alpha' ? environment : {})
  return startTandemPair(link, { ...place, transport: 'tls', relationship: usualTimers, environmentOf })
}

function probeFolderOf(folder: string): string {
  return join(folder, 'probe')
}

function stageOf(plan: Plan, parts: Pick<Stage, 'link' | 'folder' | 'servers'>): Stage {
  const { exchangesPerSecond, seconds, consumers, readers, pauseMs, leases, kinds } = plan
  return {
    ...parts,
    probeFolder: probeFolderOf(parts.folder),
    generator: dhcp6load('global'),
    exchangesPerSecond,
    seconds,
    consoles: { consumers, readers, pauseMs, leases, kinds },
  }
}

/** By turns, and every other repeat the other way round, so that what grows over the run is in both alike. */
async function runPhases({ repeats }: Plan, stage: Stage): Promise<readonly Phase[]> {
  const phases: Phase[] = []
  let clientGroup = 1
  say('warming up')
  for (const name of ['without', 'with'] as const) {
    await runPhase({ ...stage, seconds: WARM_UP_SECONDS }, name, 0, clientGroup)
    clientGroup += 1
  }
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    const order: readonly PhaseName[] = repeat % 2 === 1 ? ['without', 'with'] : ['with', 'without']
    for (const name of order) {
      const phase = await runPhase(stage, name, repeat, clientGroup)
      clientGroup += 1
      phases.push(phase)
      say(`  ${describePhase(phase)}`)
    }
  }
  return phases
}

function describePhase({ name, repeat, load, console }: Phase): string {
  const { solicits, requests, renewals } = load
  const asked =
    console === undefined
      ? ''
      : `, ${console.requestsPerSecond.toFixed(1)} requests/s p99 ${console.requests?.p99Ms.toFixed(0) ?? '-'} ms, ` +
        `${console.eventsPerSecondMin.toFixed(1)} events/s to each`
  const renewed = renewals === undefined ? '' : `, renewal ${delayText(renewals)}`
  return `${repeat} ${name.padEnd(7)}: ADVERTISE ${delayText(solicits)}, REPLY ${delayText(requests)}${renewed}${asked}`
}
