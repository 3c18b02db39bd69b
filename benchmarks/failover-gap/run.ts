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
import { measureGap, type GapRepeat } from './measure-gap.ts'
import { reportGaps } from './report.ts'
import { tandemQuick, tandemUsual } from './tandem-failing-pair.ts'

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
    const repeats = await interleave(plan)
    return { report: `${reportGaps(repeats, failures)}\n\n${remark(plan)}`, record: { repeats } }
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

/** By turns, so that a slow spell of the machine is bad for all of them alike. */
async function interleave(plan: Plan): Promise<readonly GapRepeat[]> {
  const measured: GapRepeat[] = []
  for (const failure of plan.failures) {
    for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
      for (const contestant of plan.contestants) {
        const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
        say(
          `\n${contestant.name}: ${failure.title}, repeat ${repeat} of ${plan.repeats} (logs in ${folder} until it is done)`,
        )
        const result = await measureGap(contestant, { ...plan, folder, failure })
        say(`  SOLICIT ${lineOf(result.newClients)}\n  REBIND  ${lineOf(result.rebindingClients)}`)
        measured.push(result)
        // Kept when the repeat failed, for its logs.
        rmSync(folder, { recursive: true })
      }
    }
  }
  return measured
}

function lineOf({ firstAnswer, answeredAtOnceFrom, clientOfTheMoment }: GapRepeat['newClients']): string {
  const text = (ms: number | undefined): string => (ms === undefined ? 'never' : `${ms.toFixed(0)} ms`)
  return `first answered after ${text(firstAnswer)}, at once from ${text(answeredAtOnceFrom)}; client of the moment ${text(clientOfTheMoment)}`
}
