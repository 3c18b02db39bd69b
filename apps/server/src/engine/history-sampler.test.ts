/** One sample in each step, with what was counted since the one before. */
import { describe, expect, it } from 'vitest'
import type { SampleBatch } from '../storage/sample-rows.ts'
import type { PublishedView } from './engine-service.ts'
import { HistorySampler } from './history-sampler.ts'

const counts = {
  total: 1n << 88n,
  leased: 3n,
  ownFree: 5n,
  partnerFree: 4n,
  quarantined: 1n,
  waiting: 2n,
  reserved: 0n,
}

function view(atMs: number, received: number, unanswered: Readonly<Record<string, number>> = {}): PublishedView {
  const part = {
    publishedAtMs: atMs,
    snapshot: {
      relationships: [{ state: 'RECOVER', communicationsOk: true }],
      pools: [{ ...counts, id: 'p', subnetId: 's' }],
    },
    counters: { datagramsReceived: received, datagramsSent: received / 2, datagramsUnanswered: unanswered },
  }
  // All that the sampler reads.
  return part as unknown as PublishedView
}

function sampled(views: readonly PublishedView[]): readonly SampleBatch[] {
  const taken: SampleBatch[] = []
  const sampler = new HistorySampler((samples) => taken.push(samples))
  for (const each of views) sampler.look(each)
  return taken
}

describe('the history of pools and traffic', () => {
  it('begins with the first whole step and has one sample in each, however many views come', () => {
    const views = Array.from({ length: 101 }, (_, index) => view(1_005_000 + index * 200, index * 2))
    const taken = sampled(views)
    expect(taken.map(({ atMs }) => atMs)).toEqual([1_010_000, 1_020_000])
    expect(taken[0]?.pools).toEqual([{ ...counts, pool: 'p' }])
    expect(taken.map(({ traffic }) => traffic?.coveredMs)).toEqual([5000, 10_000])
    expect(taken.map(({ traffic }) => traffic?.requests)).toEqual([50, 100])
    expect(taken.map(({ traffic }) => traffic?.replies)).toEqual([25, 50])
  })

  it('counts all that lies between two samples, also when a stall left some out', () => {
    const taken = sampled([view(0, 0), view(10_100, 10), view(47_000, 500), view(50_000, 510)])
    expect(taken.map(({ atMs }) => atMs)).toEqual([10_000, 40_000, 50_000])
    expect(taken.map(({ traffic }) => traffic?.requests)).toEqual([10, 490, 10])
  })

  it('counts those who were left alone, and not those that are the partner’s', () => {
    const taken = sampled([
      view(0, 0, { malformed: 7 }),
      view(4000, 4, { malformed: 8, 'wrong-server-identifier': 3 }),
      view(10_000, 9, { malformed: 9, 'wrong-server-identifier': 5, 'failover-state': 1 }),
    ])
    expect(taken[0]?.traffic?.unanswered).toBe(3)
  })
})
