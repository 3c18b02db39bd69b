/** The arithmetic of a flood: what counts as served, and of what. */
import { describe, expect, test } from 'vitest'
import type { Leg, LoadReport } from '../leases-per-second/load-report.ts'
import { figuresOf, goodput, phasesOf } from './phases.ts'

const leg = (sent: number, received: number, rejected = 0): Leg => ({
  sent,
  received,
  rejected,
  averageDelayMs: 1,
  longestDelayMs: 2,
  percentiles: undefined,
})

const flood = phasesOf(3, 10)[1] ?? expect.fail('there is a flood')
const report: LoadReport = {
  solicits: leg(30_000, 12_000),
  requests: leg(12_000, 9100, 100),
  renewals: leg(2000, 1900),
}

describe('the figures of a phase', () => {
  test('count what came to its REPLY, by the second', () => {
    expect(figuresOf(flood, report, [10])).toMatchObject({
      phase: 'flood',
      askedPerSecond: 3000,
      completedPerSecond: 900,
      requestsAnswered: 0.75,
      renewalsAnswered: 0.95,
      residentMegabytes: [10],
    })
  })

  test('say nothing of renewals where nobody had a lease to renew', () => {
    expect(figuresOf(flood, { ...report, renewals: leg(0, 0) }, []).renewalsAnswered).toBeUndefined()
    expect(figuresOf(flood, { ...report, renewals: undefined }, []).renewalsAnswered).toBeUndefined()
  })

  test('a server that answers nobody has answered no request', () => {
    const nothing = { solicits: leg(30_000, 0), requests: leg(0, 0), renewals: undefined }
    expect(figuresOf(flood, nothing, [])).toMatchObject({ completedPerSecond: 0, requestsAnswered: 0 })
  })
})

test('goodput is the part of the peak that is left', () => {
  expect(goodput(figuresOf(flood, report, []), 1000)).toBeCloseTo(0.9)
  expect(() => goodput(figuresOf(flood, report, []), 0)).toThrow(RangeError)
})

test('the flood is what was asked for, and the same load stands before and after it', () => {
  const [before, during, after] = phasesOf(4, 5)
  expect(during).toMatchObject({ newClients: 4, seconds: 5 })
  expect({ ...before, name: 'x' }).toEqual({ ...after, name: 'x' })
})
