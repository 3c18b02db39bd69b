/** `npm run bench failover-gap`: how long new and rebinding clients wait when the active server of a pair is gone, Tandem's beside Kea's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say } from '../harness/benchmark-run.ts'
import { chosen } from '../harness/chosen.ts'
import type { FailingPair } from './failing-pair.ts'
import { failureKinds, type FailureKind } from './failures.ts'
import { keaAggressive, keaExtreme, keaUsual } from './kea-failing-pair.ts'
import { measureGap, NotWholeBefore, type GapRepeat } from './measure-gap.ts'
import { reportGaps } from './report.ts'
import { tandemQuick, tandemUsual } from './tandem-failing-pair.ts'

const ATTEMPTS_MAX = 5

interface Plan {
  readonly contestants: readonly FailingPair[]
  readonly failures: readonly FailureKind[]
  readonly repeats: number
  readonly newPerSecond: number
  readonly rebindingPerSecond: number
  readonly leases: number
  readonly limitSeconds: number
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  const plan = planOf(args)
  const { contestants, failures, ...numbers } = plan
  const method = {
    ...numbers,
    contestants: contestants.map(({ key, settings }) => ({ key, ...settings })),
    failures: failures.map(({ key }) => key),
  }
  await runBenchmark('failover-gap', method, async () => {
    const measured = await interleave(plan)
    const anew = measured.begunAnew.map((reason) => `\nBegun anew: ${reason}.`).join('')
    return { report: `${reportGaps(measured.repeats, failures)}\n\n${remark(plan)}${anew}`, record: { ...measured } }
  })
}

function remark({ newPerSecond, rebindingPerSecond }: Plan): string {
  return [
    `Medians (lowest to highest) from the failure on; a new client starts every ${milliseconds(newPerSecond)} ms, a rebinding one every ${milliseconds(rebindingPerSecond)} ms.`,
    'The client of the moment is the first to start after the failure: its wait has its own timer in it, which asks',
    'again after 1 s (SOLICIT) or 10 s (REBIND), then after twice as long. "Answered at once from" has no timer in it.',
  ].join('\n')
}

function milliseconds(perSecond: number): string {
  return (1000 / perSecond).toFixed(0)
}

function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contestants: { type: 'string' },
      failures: { type: 'string' },
      repeats: { type: 'string', default: '3' },
      'new-rate': { type: 'string', default: '50' },
      'rebind-rate': { type: 'string', default: '20' },
      leases: { type: 'string', default: '1' },
      limit: { type: 'string', default: '180' },
      transport: { type: 'string', default: 'tls' },
    },
  })
  const { transport } = values
  if (transport !== 'tls' && transport !== 'insecure') throw new Error('--transport takes tls or insecure.')
  const contestants = [tandemQuick(transport), tandemUsual(transport), keaExtreme, keaAggressive, keaUsual]
  return {
    contestants: chosen('contestants', contestants, values.contestants),
    failures: chosen('failures', failureKinds, values.failures),
    repeats: positive('repeats', values.repeats),
    newPerSecond: positive('new-rate', values['new-rate']),
    rebindingPerSecond: positive('rebind-rate', values['rebind-rate']),
    leases: positive('leases', values.leases),
    limitSeconds: positive('limit', values.limit),
  }
}

interface Measured {
  readonly repeats: readonly GapRepeat[]
  /** Why a repeat was begun anew: a partner was taken for dead before anything was done to it. */
  readonly begunAnew: readonly string[]
}

/** By turns, so that a slow spell of the machine is bad for all of them alike. */
async function interleave(plan: Plan): Promise<Measured> {
  const repeats: GapRepeat[] = []
  const begunAnew: string[] = []
  for (const failure of plan.failures) {
    for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
      for (const contestant of plan.contestants) {
        say(`\n${contestant.name}: ${failure.title}, repeat ${repeat} of ${plan.repeats}`)
        const result = await untilWhole((folder) => measureGap(contestant, { ...plan, folder, failure }), begunAnew)
        say(`  SOLICIT ${lineOf(result.newClients)}\n  REBIND  ${lineOf(result.rebindingClients)}`)
        repeats.push(result)
      }
    }
  }
  return { repeats, begunAnew }
}

/** Begins a repeat anew, a few times, whose pair was not whole before its failure. */
async function untilWhole(measure: (folder: string) => Promise<GapRepeat>, begunAnew: string[]): Promise<GapRepeat> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
    say(`  logs in ${folder} until it is done`)
    try {
      const result = await measure(folder)
      // Kept when the repeat failed, for its logs.
      rmSync(folder, { recursive: true })
      return result
    } catch (error) {
      if (!(error instanceof NotWholeBefore) || attempt === ATTEMPTS_MAX) throw error
      say(`  begun anew: ${error.message}`)
      begunAnew.push(error.message)
    }
  }
}

function lineOf({ firstAnswer, answeredAtOnceFrom, clientOfTheMoment }: GapRepeat['newClients']): string {
  const text = (ms: number | undefined): string => (ms === undefined ? 'never' : `${ms.toFixed(0)} ms`)
  return `first answered after ${text(firstAnswer)}, at once from ${text(answeredAtOnceFrom)}; client of the moment ${text(clientOfTheMoment)}`
}
