/** The memory of the live feed: whole representations replace each other, the rest is kept for ten minutes. */
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '@tandem/api-contract'
import { LiveFeed } from './live-feed.ts'
import type { LeaseChange } from '../engine/event-counts.ts'
import { LeaseSummary } from './lease-summary.ts'

const pools = (commitNumber: string): LiveEvent => ({
  kind: 'pools-changed',
  pools: { items: [], commitNumber, publishedAt: '2026-11-21T03:00:00.000Z' },
})
const leases: LiveEvent = { kind: 'leases-summary', subnets: [] }

function feedAt(): { readonly feed: LiveFeed; readonly clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 }
  return { feed: new LiveFeed('epoch-1', () => clock.nowMs), clock }
}

const kindsSince = (feed: LiveFeed, sequence: number) =>
  feed.since(sequence)?.map((message) => [message.sequence, message.event.kind])

describe('the live feed', () => {
  it('gives a resuming listener only the newest of what replaces itself, in order', () => {
    const { feed } = feedAt()
    for (const event of [pools('1'), leases, pools('2'), leases]) feed.publish(event, 1)
    expect(kindsSince(feed, 0)).toEqual([
      [2, 'leases-summary'],
      [3, 'pools-changed'],
      [4, 'leases-summary'],
    ])
    expect(kindsSince(feed, 3)).toEqual([[4, 'leases-summary']])
    expect(kindsSince(feed, 4)).toEqual([])
  })

  it('gives a newcomer what is shown whole, and of the rest only what came since', () => {
    const { feed } = feedAt()
    for (const event of [pools('1'), leases, pools('2'), leases]) feed.publish(event, 1)
    expect(feed.current(3).map(({ sequence, event }) => [sequence, event.kind])).toEqual([
      [3, 'pools-changed'],
      [4, 'leases-summary'],
    ])
    expect(feed.current(4)).toHaveLength(1)
  })

  it('does not pretend to remember what is older than ten minutes', () => {
    const { feed, clock } = feedAt()
    feed.publish(leases, 1)
    feed.publish(pools('1'), 1)
    clock.nowMs += 599_000
    expect(kindsSince(feed, 0)).toHaveLength(2)
    clock.nowMs += 2_000
    expect(feed.since(0)).toBeUndefined()
    expect(kindsSince(feed, 1)).toEqual([[2, 'pools-changed']])
  })

  it('refuses a number that it has not reached', () => {
    const { feed } = feedAt()
    expect(feed.since(1)).toBeUndefined()
  })

  it('forgets early under a flood, and says so', () => {
    const { feed } = feedAt()
    for (let count = 0; count < 5_001; count += 1) feed.publish(leases, 1)
    expect(feed.since(0)).toBeUndefined()
    expect(kindsSince(feed, 1)).toHaveLength(5_000)
  })

  it('tells listeners until they stop', () => {
    const { feed } = feedAt()
    const heard: number[] = []
    const stop = feed.listen(({ sequence }) => heard.push(sequence))
    feed.publish(leases, 1)
    stop()
    feed.publish(leases, 1)
    expect(heard).toEqual([1])
  })
})

describe('the summary of lease changes', () => {
  it('is what was added to the counts, per subnet, by what became of the leases', () => {
    const summary = new LeaseSummary()
    const counted = (subnetId: string, change: LeaseChange, count: number) =>
      ({ subnetId, kind: 'address', change, cause: 'client', count }) as const
    const first = [counted('a', 'granted', 7), counted('a', 'expired', 2)]
    expect(summary.take(first)).toEqual([])
    expect(summary.take(first)).toEqual([])
    const later = [counted('a', 'granted', 8), counted('a', 'renewed', 1), counted('a', 'expired', 3)]
    expect(summary.take([...later, counted('a', 'released', 2), counted('b', 'freed', 1)])).toEqual([
      { subnetId: 'a', activated: '1', renewed: '1', ended: '3', other: '0' },
      { subnetId: 'b', activated: '0', renewed: '0', ended: '0', other: '1' },
    ])
  })
})
