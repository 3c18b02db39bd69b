/** What a minute counts. */
import { expect, test } from 'vitest'
import type { Leg } from '../leases-per-second/load-report.ts'
import { countOf, leastHeaps } from './minute.ts'

const leg = (sent: number, received: number): Leg => ({
  sent,
  received,
  rejected: 0,
  averageDelayMs: 1,
  longestDelayMs: 2,
  percentiles: undefined,
})

test('all questions of a minute are counted, whatever they ask', () => {
  expect(countOf({ solicits: leg(100, 99), requests: leg(99, 97), renewals: leg(90, 90) })).toEqual({
    asked: 289,
    unanswered: 3,
  })
  expect(countOf({ solicits: leg(100, 99), requests: leg(99, 99), renewals: undefined })).toEqual({
    asked: 199,
    unanswered: 1,
  })
})

test('the heap of a minute is the least that each thread had in it', () => {
  const sample = (thread: string, atMs: number, heapMegabytes: number) => ({
    thread,
    atMs,
    heapMegabytes,
    lateP50Ms: 0,
    lateP99Ms: 0,
    lateMaxMs: 0,
    externalMegabytes: 0,
    residentMegabytes: 0,
  })
  const samples = [sample('main', 1, 5), sample('main', 2, 40), sample('main', 3, 30), sample('storage', 3, 7)]
  expect(leastHeaps(samples, 2, 3)).toEqual({ main: 30, storage: 7 })
})
