/** The command: a seed in, verdict and trace out; many seeds in, a line for each that fails. */
import { parseArgs } from 'node:util'
import { runWorld, type Verdict } from './swarm/run-world.ts'

function main(): void {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, seeds: { type: 'string' }, trace: { type: 'boolean' } },
  })
  const first = wholeNumber(values.seed, '--seed')
  const count = values.seeds === undefined ? 1 : wholeNumber(values.seeds, '--seeds')
  const verdicts = Array.from({ length: count }, (_unused, index) => runWorld({ seed: first + index }))
  const failed = verdicts.filter(({ violations }) => violations.length > 0)
  const shown = count === 1 || values.trace === true ? verdicts : failed
  for (const verdict of shown) print(verdict, count === 1 || values.trace === true)
  const seconds = verdicts.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0)
  const leases = verdicts.reduce((sum, { leasesHeld }) => sum + leasesHeld, 0)
  console.log(coverage(verdicts))
  console.log(
    `${count - failed.length} of ${count} seeds held; ${(seconds / 3600).toFixed(1)} simulated hours, ${leases} leases given`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
}

function print({ seed, violations, transcript }: Verdict, isWhole: boolean): void {
  if (isWhole) for (const line of transcript) console.log(line)
  for (const { checker, atMs, text } of violations) {
    console.log(`seed ${seed}: ${checker} at ${(atMs / 1000).toFixed(3)} s: ${text}`)
  }
}

function coverage(verdicts: readonly Verdict[]): string {
  const faults = new Map<string, number>()
  const transitions = new Set(verdicts.flatMap((verdict) => [...verdict.transitions]))
  for (const { faultCounts } of verdicts) {
    for (const [name, count] of faultCounts) faults.set(name, (faults.get(name) ?? 0) + count)
  }
  const faultText = [...faults].map(([name, count]) => `${name} ${count}`).join(', ')
  return `faults: ${faultText}\ntransitions: ${[...transitions].toSorted().join(', ')}`
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`${name} is a whole number above zero`)
}

main()
