/** Takes a sample of pools and traffic from the views that are published, once in each of the finest steps (decision 0110). */
import type { PoolSnapshot } from '@tandem/engine'
import { SAMPLE_INTERVAL_MS, type PoolSample, type SampleBatch, type TrafficSample } from '../storage/sample-rows.ts'
import type { PublishedView } from './engine-service.ts'
import { UnansweredTally } from './unanswered-tally.ts'

interface Counted {
  readonly atMs: number
  readonly requests: number
  readonly replies: number
  readonly unanswered: number
}

export class HistorySampler {
  readonly #take: (samples: SampleBatch) => void
  readonly #tally = new UnansweredTally()
  #last: Counted | undefined
  #lastStepMs: number | undefined

  constructor(take: (samples: SampleBatch) => void) {
    this.#take = take
  }

  /** Views come at least once a second. */
  look(view: PublishedView): void {
    const { publishedAtMs, counters, snapshot } = view
    const now: Counted = {
      atMs: publishedAtMs,
      requests: counters.datagramsReceived,
      replies: counters.datagramsSent,
      unanswered: this.#tally.add(view),
    }
    const stepMs = Math.floor(publishedAtMs / SAMPLE_INTERVAL_MS) * SAMPLE_INTERVAL_MS
    const before = this.#last
    this.#last ??= now
    this.#lastStepMs ??= stepMs
    // Within the step of the sample before: the first view is where counting begins, and no sample.
    if (stepMs <= this.#lastStepMs) return
    this.#lastStepMs = stepMs
    this.#last = now
    this.#take({ atMs: stepMs, pools: snapshot.pools.map(sampleOf), traffic: before && since(before, now) })
  }
}

function since(before: Counted, now: Counted): TrafficSample {
  return {
    coveredMs: now.atMs - before.atMs,
    requests: now.requests - before.requests,
    replies: now.replies - before.replies,
    unanswered: now.unanswered - before.unanswered,
  }
}

function sampleOf(pool: PoolSnapshot): PoolSample {
  const { id, total, leased, ownFree, partnerFree, quarantined, waiting, reserved } = pool
  return { pool: id, total, leased, ownFree, partnerFree, quarantined, waiting, reserved }
}
