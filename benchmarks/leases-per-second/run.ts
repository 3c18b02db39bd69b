/** `npm run bench`: leases per second of the pair under perfdhcp, beside kea-dhcp6 alone in the same run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Contestant } from './contestant.ts'
import { keaAlone } from './kea-alone.ts'
import { calibrate, describeMachine, hadOtherWork } from './machine.ts'
import { measureRepeat, type Repeat } from './measure.ts'
import type { LadderRules } from './rate-ladder.ts'
import { reportTable } from './report.ts'
import { tandemPair } from './tandem-pair.ts'

const results = join(import.meta.dirname, '..', 'results')

const firstClimb: LadderRules = {
  startPerSecond: 600,
  coarseFactor: 1.35,
  fineFactor: 1.12,
  lostMax: 0.01,
  limitPerSecond: 60_000,
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    transport: { type: 'string', default: 'tls' },
  },
})

async function main(): Promise<void> {
  const { repeats, seconds, transport } = values
  if (process.getuid?.() !== 0) throw new Error('The benchmark makes network namespaces, so it needs root.')
  if (transport !== 'tls' && transport !== 'insecure') throw new Error('--transport takes tls or insecure.')
  const startedAt = new Date()
  const machine = describeMachine()
  say(
    `${machine.processors} x ${machine.processor}, ${machine.memoryGigabytes} GB, ${machine.system}, Node ${machine.node}, Kea ${machine.kea}`,
  )
  const before = await calibrate()
  const measured = await interleave([keaAlone, tandemPair(transport)], Number(repeats), Number(seconds))
  const after = await calibrate()
  const file = join(results, `leases-per-second-${startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`)
  mkdirSync(results, { recursive: true })
  const method = { ...firstClimb, repeats: Number(repeats), stepSeconds: Number(seconds), transport }
  const record = { startedAt, machine, calibration: { before, after }, method, repeats: measured }
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`)
  say(`\n${reportTable(measured)}\n`)
  const loops = [before, after].map(({ oneThread, twoThreads }) => `${oneThread.join()} | ${twoThreads.join(' + ')}`)
  say(`Machine before and after (million loops/s, one thread | two): ${loops.join('; ')}`)
  if ([before, after].some(hadOtherWork)) {
    say('WARNING: other work kept the processors busy (see the loops above): these figures are too low, and not alike.')
  }
  say(`The load generator shares the processors with the servers: compare the lines, not the figures. ${file}`)
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

await main()
