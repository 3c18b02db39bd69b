/** How many leases were left alone, by the reason. */
import { refusals } from '@tandem/api-contract'
import type { BulkRelease } from '@tandem/api-contract'
import { countOf } from '../../http/view-values.ts'
import type { RefusedCounts } from '../../storage/bulk-releases.queries.ts'
import type { Refusal } from './left-alone.ts'

export class Tally {
  readonly #counts = new Map<Refusal, number>()

  add(refusal: Refusal, count = 1): void {
    this.#counts.set(refusal, (this.#counts.get(refusal) ?? 0) + count)
  }

  get sum(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }

  toRecord(): RefusedCounts {
    return Object.fromEntries(this.#counts)
  }

  /** The most frequent first. */
  toView(): BulkRelease['refused'] {
    return [...this.#counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([refusal, count]) => ({ refusal, count: countOf(count) }))
  }
}

/** As it was kept; what an older version wrote and this one does not know is left out. */
export function tallyFrom(text: string): Tally {
  const tally = new Tally()
  const kept: unknown = JSON.parse(text)
  for (const [name, count] of Object.entries(kept ?? {})) {
    const refusal = refusals.find((each) => each === name)
    if (refusal !== undefined && typeof count === 'number' && count > 0) tally.add(refusal, count)
  }
  return tally
}
