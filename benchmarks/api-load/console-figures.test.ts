/** What the consoles saw, by hand. */
import { expect, test } from 'vitest'
import { delaysOf, summaryOf } from './console-figures.ts'

test('requests and events are counted by the second, for the consumer with the fewest and the one with the most', () => {
  const consumer = { octets: 5000, delaysMs: [1, 3], problems: 0 }
  const summary = summaryOf({
    seconds: 10,
    consumers: [
      { ...consumer, events: { 'server-changed': 40, heartbeat: 1 } },
      { ...consumer, events: { 'server-changed': 39 }, problems: 2 },
    ],
    delaysMs: { page: [10, 20, 30], pools: [2] },
    failures: { 'page: 500': 1 },
  })
  expect(summary).toMatchObject({
    requestsPerSecond: 0.4,
    eventsPerSecondMin: 3.9,
    eventsPerSecondMax: 4.1,
    kilobytesPerSecond: 1,
    problems: 2,
    failures: { 'page: 500': 1 },
  })
  expect(summary.requests).toMatchObject({ count: 4, p50Ms: 15, longestMs: 30 })
  expect(summary.byKind['page']).toMatchObject({ count: 3, p50Ms: 20 })
  expect(summary.eventDelays).toMatchObject({ count: 4, p50Ms: 2, longestMs: 3 })
})

test('no delays have no percentiles, and nobody who follows is no event', () => {
  expect(delaysOf([])).toBeUndefined()
  const nobody = summaryOf({ seconds: 5, consumers: [], delaysMs: {}, failures: {} })
  expect(nobody).toMatchObject({ requestsPerSecond: 0, eventsPerSecondMin: 0, eventsPerSecondMax: 0 })
})
