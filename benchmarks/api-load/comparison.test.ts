/** The comparison of phases, by hand. */
import { expect, test } from 'vitest'
import type { Leg } from '../leases-per-second/load-report.ts'
import { comparisonOf, isWithinBar, mostLost } from './comparison.ts'
import type { Phase, PhaseName } from './phases.ts'

const leg = (p99Ms: number, received = 100): Leg => ({
  sent: 100,
  received,
  rejected: 0,
  averageDelayMs: 1,
  longestDelayMs: p99Ms,
  percentiles: { p50Ms: 1, p95Ms: 2, p99Ms },
})

const phase = (repeat: number, name: PhaseName, p99Ms: number, received = 100): Phase => ({
  repeat,
  name,
  load: { solicits: leg(p99Ms), requests: leg(2 * p99Ms, received), renewals: leg(10) },
  lateness: [],
  cpuPart: 1,
  residentMegabytes: 1,
  console: undefined,
})

test('each repeat is compared with itself, whichever of its phases came first', () => {
  const phases = [
    phase(1, 'without', 4),
    phase(1, 'with', 6),
    phase(2, 'with', 30),
    phase(2, 'without', 10),
    phase(3, 'without', 5),
    phase(3, 'with', 6),
  ]
  const [solicits, requests, renewals] = comparisonOf(phases)
  expect(solicits?.without.p99Ms).toEqual({ lowest: 4, median: 5, highest: 10, count: 3 })
  expect(solicits?.ratio).toEqual({ lowest: 1.2, median: 1.5, highest: 3, count: 3 })
  expect(requests?.with.p99Ms.median).toBe(12)
  expect(renewals?.ratio.median).toBe(1)
})

test('one leg whose median is at the bar is enough to miss it', () => {
  const within = comparisonOf([phase(1, 'without', 4), phase(1, 'with', 7.9)])
  expect(isWithinBar(within)).toBe(true)
  const [first, ...others] = within
  if (first === undefined) throw new Error('no leg')
  expect(isWithinBar([{ ...first, ratio: { ...first.ratio, median: 2 } }, ...others])).toBe(false)
})

test('a repeat without its other half is no comparison', () => {
  expect(() => comparisonOf([phase(1, 'without', 4)])).toThrow('no solicits in repeat 1 with')
})

test('what was lost is told for the worst phase of each kind', () => {
  const phases = [phase(1, 'without', 4), phase(1, 'with', 5, 90), phase(2, 'with', 5, 97)]
  expect(mostLost(phases, 'without')).toBe(0)
  expect(mostLost(phases, 'with')).toBeCloseTo(0.1)
})
