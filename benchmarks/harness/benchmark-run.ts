/** What every benchmark does around its measuring: tells the machine, looks how much of it there is, writes all of it down. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calibrate, describeMachine, hadOtherWork } from './machine.ts'

const results = join(import.meta.dirname, '..', 'results')

export interface Measured {
  /** The table, and what belongs under it. */
  readonly report: string
  /** Everything behind the table, for the JSON. */
  readonly record: Readonly<Record<string, unknown>>
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** `method`: the settings of this run, as they are to be read beside its figures. */
export async function runBenchmark(
  name: string,
  method: Readonly<Record<string, unknown>>,
  measure: () => Measured | Promise<Measured>,
): Promise<void> {
  const startedAt = new Date()
  const machine = describeMachine()
  const { processors, processor, memoryGigabytes, system, node, kea } = machine
  say(
    `${processors} x ${processor}, ${memoryGigabytes} GB, ${system}, Node ${node}, ${kea === undefined ? 'no Kea' : `Kea ${kea}`}`,
  )
  const before = await calibrate()
  const { report, record } = await measure()
  const after = await calibrate()
  const file = join(results, `${name}-${startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`)
  mkdirSync(results, { recursive: true })
  const whole = { benchmark: name, startedAt, machine, calibration: { before, after }, method, ...record }
  writeFileSync(file, `${JSON.stringify(whole, undefined, 2)}\n`)
  say(`\n${report}\n`)
  const loops = [before, after].map(({ oneThread, twoThreads }) => `${oneThread.join()} | ${twoThreads.join(' + ')}`)
  say(`Machine before and after (million loops/s, one thread | two): ${loops.join('; ')}`)
  if ([before, after].some(hadOtherWork)) {
    say(
      'WARNING: other work kept the processors busy (see the loops above): these figures are worse than on a free machine, and not alike.',
    )
  }
  say(`Compare the lines of this run with each other, not with other runs. ${file}`)
}

/** A flag that takes a number above zero. */
export function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} takes a number above zero, not "${text}".`)
  return value
}
