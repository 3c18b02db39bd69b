/** The arithmetic of the resync table, and the times and leases that it is made from. */
import { expect, test } from 'vitest'
import type { Leg } from '../leases-per-second/load-report.ts'
import { leasesIn } from './kea-resync.ts'
import { keaLogTime, tandemLogTime } from './log-times.ts'
import { leasesPerSecond, resyncTable, syncSeconds, type Resync } from './resync-figures.ts'

const leg = (sent: number, received: number): Leg => ({
  sent,
  received,
  rejected: 0,
  averageDelayMs: 1,
  longestDelayMs: 9,
  percentiles: { p50Ms: 1.25, p95Ms: 4, p99Ms: 8 },
})

const resync: Resync = {
  contestant: 'pair',
  leases: 100_000,
  returnedAtMs: 1_000_000,
  synchronised: { askedAtMs: 1_002_000, endedAtMs: 1_006_000 },
  processes: [
    { name: 'survivor', cpuSeconds: 3, residentMegabytes: 400, peakMegabytes: 410 },
    { name: 'returned', cpuSeconds: 4.26, residentMegabytes: 300, peakMegabytes: 330 },
  ],
  before: { solicits: leg(1000, 1000), requests: leg(1000, 1000), renewals: undefined },
  during: { solicits: leg(800, 800), requests: leg(800, 600), renewals: undefined },
}

test('the sync lasts from the question to the end, and the start of the process is not in it', () => {
  expect(syncSeconds(resync)).toBe(4)
  expect(leasesPerSecond(resync)).toBe(25_000)
})

test('a line has both servers, the delays before and during it, and the part of the clients that got nothing', () => {
  const [, line] = resyncTable([resync]).split('\n')
  expect(line?.split(/ {2,}/)).toEqual([
    'pair',
    '100000',
    '4.0',
    '25000',
    '6.0',
    '3.0 + 4.3',
    '400 + 300',
    '410 + 330',
    'p50 1.3 p95 4.0 p99 8.0 ms',
    '0.00',
    'p50 1.3 p95 4.0 p99 8.0 ms',
    'p50 1.3 p95 4.0 p99 8.0 ms',
    '25.00',
  ])
})

test('times are read from the lines of both logs', () => {
  const ours = '2026-11-26T23:18:10.000Z info beta A\n2026-11-26T23:18:11.095Z info beta FO STARTUP -> RECOVER: x\n'
  expect(tandemLogTime(ours, 'STARTUP -> RECOVER:')).toBe(Date.UTC(2026, 10, 26, 23, 18, 11, 95))
  expect(tandemLogTime(ours, 'RECOVER -> RECOVER-WAIT:')).toBeUndefined()
  const theirs = '2026-11-26 23:18:11.095 INFO  [kea-dhcp6.ha-hooks/1.2] HA_SYNC_START starting\n'
  expect(keaLogTime(theirs, 'HA_SYNC_START')).toBe(new Date(2026, 10, 26, 23, 18, 11, 95).getTime())
  expect(() => keaLogTime('HA_SYNC_START', 'HA_SYNC_START')).toThrow('no time in')
})

test('a lease that stands twice in a file is one', () => {
  expect(leasesIn('address,duid\n2001::1,a\n2001::2,b\n2001::1,c\n')).toBe(2)
})
