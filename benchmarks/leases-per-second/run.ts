/** `npm run bench`: leases per second of the pair under perfdhcp, beside kea-dhcp6 alone in the same run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, runBenchmark, say } from '../harness/benchmark-run.ts'
import type { Contestant } from './contestant.ts'
import { keaAlone } from './kea-alone.ts'
import { measureRepeat, type Repeat } from './measure.ts'
import type { LadderRules } from './rate-ladder.ts'
import { reportTable } from './report.ts'
import { tandemPair } from './tandem-pair.ts'

const firstClimb: LadderRules = {
  startPerSecond: 600,
  coarseFactor: 1.35,
  fineFactor: 1.12,
  lostMax: 0.01,
  limitPerSecond: 60_000,
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repeats: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      transport: { type: 'string', default: 'tls' },
    },
  })
  const { transport } = values
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  if (transport !== 'tls' && transport !== 'insecure') throw new Error('--transport takes tls or insecure.')
  const repeats = positive('repeats', values.repeats)
  const stepSeconds = positive('seconds', values.seconds)
  await runBenchmark('leases-per-second', { ...firstClimb, repeats, stepSeconds, transport }, async () => {
    const measured = await interleave([keaAlone, tandemPair(transport)], repeats, stepSeconds)
    const remark = 'The load generator shares the processors with the servers.'
    return { report: `${reportTable(measured)}\n\n${remark}`, record: { repeats: measured } }
  })
}

/** By turns, so that an hour in which the machine is slow is bad for all of them alike. */
async function interleave(
  contestants: readonly Contestant[],
  repeats: number,
  stepSeconds: number,
): Promise<readonly Repeat[]> {
  const measured: Repeat[] = []
  const rules = new Map<Contestant, LadderRules>()
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    for (const contestant of contestants) {
      const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
      say(`\n${contestant.name}, repeat ${repeat} of ${repeats} (logs in ${folder} until it is done)`)
      const plan = { folder, stepSeconds, warmUpSeconds: 3, rules: rules.get(contestant) ?? firstClimb, say }
      const result = await measureRepeat(contestant, plan)
      measured.push(result)
      // Kept when the repeat failed, for its logs.
      rmSync(folder, { recursive: true })
      const reached = result.best?.targetPerSecond
      // From the second time on it is known where to look.
      if (reached !== undefined) {
        rules.set(contestant, { ...firstClimb, startPerSecond: reached * 0.85, coarseFactor: firstClimb.fineFactor })
      }
    }
  }
  return measured
}
