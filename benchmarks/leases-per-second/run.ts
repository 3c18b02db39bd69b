/** `npm run bench leases-per-second`: exchanges per second of Tandem, alone and as a pair, beside Kea's and Node's limit in the same run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say } from '../harness/benchmark-run.ts'
import { chosen } from '../harness/chosen.ts'
import type { Contestant } from './contestant.ts'
import { dhcp6load } from './dhcp6load.ts'
import { keaAlone } from './kea-alone.ts'
import { keaPair } from './kea-pair.ts'
import { loadKinds, type LoadKind } from './load-kinds.ts'
import type { Generator } from './load-report.ts'
import { measureRepeat, type Repeat } from './measure.ts'
import { perfdhcp } from './perfdhcp-load.ts'
import type { LadderRules } from './rate-ladder.ts'
import { reportTables } from './report.ts'
import { stub } from './stub.ts'
import { tandemAlone } from './tandem-alone.ts'
import { tandemPair } from './tandem-pair.ts'
import { tandemPostgresql } from './tandem-postgresql.ts'

const firstClimb: LadderRules = {
  startPerSecond: 600,
  coarseFactor: 1.35,
  fineFactor: 1.12,
  lostMax: 0.01,
  limitPerSecond: 60_000,
}

interface Plan {
  readonly contestants: readonly Contestant[]
  readonly kinds: readonly LoadKind[]
  readonly generator: Generator
  readonly repeats: number
  readonly stepSeconds: number
  /** Half of the first rate: so long that what is measured is compiled. */
  readonly warmUpSeconds: number
  /** Undefined: the highest that is carried. */
  readonly rate: number | undefined
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const { plan, transport } = planOf(args)
  const method = {
    ...(plan.rate === undefined ? firstClimb : { rate: plan.rate }),
    contestants: plan.contestants.map(({ key }) => key),
    loads: plan.kinds.map(({ key }) => key),
    generator: plan.generator.name,
    repeats: plan.repeats,
    stepSeconds: plan.stepSeconds,
    warmUpSeconds: plan.warmUpSeconds,
    transport,
  }
  await runBenchmark('leases-per-second', method, async () => {
    const measured = await interleave(plan)
    const remark = `Load by ${plan.generator.name}, which shares the processors with the servers.`
    return { report: `${reportTables(measured, plan.kinds)}\n\n${remark}`, record: { repeats: measured } }
  })
}

function planOf(args: readonly string[]): { readonly plan: Plan; readonly transport: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contestants: { type: 'string' },
      loads: { type: 'string', default: 'new' },
      generator: { type: 'string', default: 'perfdhcp' },
      rate: { type: 'string' },
      repeats: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '10' },
      transport: { type: 'string', default: 'tls' },
    },
  })
  const { transport, rate } = values
  if (transport !== 'tls' && transport !== 'insecure') throw new Error('--transport takes tls or insecure.')
  const contestants = [keaAlone, keaPair, tandemAlone, tandemPair(transport), stub]
  const plan: Plan = {
    contestants:
      values.contestants === undefined
        ? contestants
        : chosen('contestants', [...contestants, tandemPostgresql], values.contestants),
    kinds: chosen('loads', loadKinds, values.loads),
    generator: chosenGenerator(values.generator),
    repeats: positive('repeats', values.repeats),
    stepSeconds: positive('seconds', values.seconds),
    warmUpSeconds: positive('warm-up', values['warm-up']),
    rate: rate === undefined ? undefined : positive('rate', rate),
  }
  return { plan, transport }
}

function chosenGenerator(name: string): Generator {
  const all = [perfdhcp, dhcp6load('global'), dhcp6load('link-local')]
  const found = all.find((generator) => generator.name === name)
  if (found === undefined) throw new Error(`--generator takes ${all.map((each) => each.name).join(', ')}.`)
  return found
}

/** By turns, so that an hour in which the machine is slow is bad for all of them alike. */
async function interleave({
  contestants,
  kinds,
  generator,
  repeats,
  stepSeconds,
  warmUpSeconds,
  rate,
}: Plan): Promise<readonly Repeat[]> {
  const measured: Repeat[] = []
  const known = new Map<string, LadderRules>()
  for (const kind of kinds) {
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      for (const contestant of contestants) {
        const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
        say(`\n${contestant.name}: ${kind.title}, repeat ${repeat} of ${repeats} (logs in ${folder} until it is done)`)
        const key = `${contestant.key} ${kind.key}`
        const rates = rate ?? known.get(key) ?? firstClimb
        const plan = { folder, kind, generator, stepSeconds, warmUpSeconds, rates, say }
        const result = await measureRepeat(contestant, plan)
        measured.push(result)
        // Kept when the repeat failed, for its logs.
        rmSync(folder, { recursive: true })
        const reached = result.best?.targetPerSecond
        // From the second time on it is known where to look.
        if (reached !== undefined) {
          known.set(key, { ...firstClimb, startPerSecond: reached * 0.85, coarseFactor: firstClimb.fineFactor })
        }
      }
    }
  }
  return measured
}
