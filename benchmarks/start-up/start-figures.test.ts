/** The arithmetic of the start-up table. */
import { expect, test } from 'vitest'
import { octetsPerLease, startTable, type MeasuredStart } from './start-figures.ts'

const start = (leases: number, residentMegabytes: number, answeredAfterSeconds: number): MeasuredStart => ({
  contestant: 'server',
  leases,
  answeredAfterSeconds,
  cpuSeconds: 2 * answeredAfterSeconds,
  residentMegabytes,
  peakMegabytes: residentMegabytes + 50,
})

test('a lease costs what it adds to a server without leases', () => {
  expect(octetsPerLease(150, 100, 100_000)).toBe(500)
  expect(octetsPerLease(1300, 100, 1_000_000)).toBe(1200)
})

test('one line for each contestant and count, with the median of its starts', () => {
  const starts = [start(0, 100, 0.5), start(100_000, 150, 3), start(100_000, 140, 1), start(100_000, 160, 2)]
  const [, empty, full, ...others] = startTable(starts).split('\n')
  expect(others).toEqual([])
  expect(empty?.split(/ {2,}/)).toEqual(['server', '0 leases', '0.50 (0.50 to 0.50)', '1.00', '100', '150', '-', '-'])
  expect(full?.split(/ {2,}/)).toEqual([
    'server',
    '100000 leases',
    '2.00 (1.00 to 3.00)',
    '4.00',
    '150',
    '200',
    '500',
    '1000',
  ])
})

test('without an empty server to compare with there is no figure for a lease', () => {
  expect(startTable([start(100_000, 150, 3)]).trimEnd()).toMatch(/150 +200 +- +-$/)
})
