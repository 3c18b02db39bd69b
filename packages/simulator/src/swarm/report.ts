/** What a run of seeds came to, in lines for a terminal. */
import type { Violation } from '../checkers/checker.ts'
import type { FailedSeed, PartResult } from './part.ts'

export function violationText(seed: number, { checker, atMs, text }: Violation): string {
  return `seed ${seed}: ${checker} at ${(atMs / 1000).toFixed(3)} s: ${text}`
}

export function failureLines({ seed, violations }: FailedSeed): readonly string[] {
  return [...violations.map((violation) => violationText(seed, violation)), `replay: tandem simulate --seed ${seed}`]
}

export function totalLines(total: PartResult): readonly string[] {
  const hours = (total.simulatedSeconds / 3600).toFixed(0)
  const tenFaults = total.seeds === 0 ? 0 : Math.floor((100 * total.seedsWithTenFaults) / total.seeds)
  return [
    `${total.acts} events in ${hours} simulated hours; ${total.clients} clients, ${total.leases} leases given or renewed`,
    `${total.faults} faults; at least ten in ${tenFaults} of 100 seeds`,
    `${total.seeds - total.failed.length} of ${total.seeds} seeds held`,
  ]
}

/** One line for each area: what was reached, and how often. */
export function reachedLines(total: PartResult): readonly string[] {
  const areas = new Map<string, string[]>()
  for (const [key, count] of Object.entries(total.reached).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const at = key.indexOf(': ')
    const area = key.slice(0, at)
    areas.set(area, [...(areas.get(area) ?? []), `${key.slice(at + 2)} ${count}`])
  }
  return [...areas].map(([area, texts]) => `${area}: ${texts.join(', ')}`)
}
