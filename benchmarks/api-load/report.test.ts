/** The tables of the API load, from two made-up phases. */
import { expect, test } from 'vitest'
import { summaryOf } from './console-figures.ts'
import type { Phase, PhaseName } from './phases.ts'
import { reportOf } from './report.ts'

function phase(name: PhaseName, p99Ms: number): Phase {
  const leg = {
    sent: 10,
    received: 10,
    rejected: 0,
    averageDelayMs: 1,
    longestDelayMs: p99Ms,
    percentiles: { p50Ms: 1, p95Ms: 2, p99Ms },
  }
  const consumer = { events: { 'server-changed': 20 }, octets: 4000, delaysMs: [5], problems: 0 }
  const figures = { seconds: 10, consumers: [consumer], delaysMs: { page: [7, 9] }, failures: { 'page: 500': 2 } }
  return {
    name,
    repeat: 1,
    load: { solicits: leg, requests: leg, renewals: leg },
    lateness: [{ thread: 'main', medianP99Ms: name === 'with' ? 30 : 3, longestMs: 50 }],
    cpuPart: 0.5,
    residentMegabytes: 100,
    console: name === 'with' ? summaryOf(figures) : undefined,
  }
}

test('the clients’ delays, the ratio and the verdict stand in it, and what the API did', () => {
  const text = reportOf([phase('without', 10), phase('with', 15)])
  expect(text).toMatch(/REQUEST to REPLY +1\.0 +2\.0 +10\.0 \(.*\) +1\.0 +2\.0 +15\.0 \(.*\) +1\.50 \(1\.50 to 1\.50\)/)
  expect(text).toContain('WITHIN the bar')
  expect(text).toMatch(/page +2 +8\.0/)
  expect(text).toContain('requests a second: 0.2 (0.2 to 0.2)')
  expect(text).toContain('FAILED 2 times: page: 500')
  expect(text).toMatch(/main +3\.0 \(3\.0 to 3\.0\) +50 +30\.0/)
})

test('twice the p99 misses the bar', () => {
  expect(reportOf([phase('without', 10), phase('with', 20)])).toContain('MISSES the bar')
})
