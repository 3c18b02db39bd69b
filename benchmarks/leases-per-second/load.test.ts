/** Loads and their reports: what perfdhcp is asked for, what its text says, and what counts as lost. */
import { expect, test } from 'vitest'
import { dhcp6loadArguments, reportIn as reportOfDhcp6load } from './dhcp6load.ts'
import { lostPart, type Leg, type Load } from './load-report.ts'
import { perfdhcpArguments, reportIn } from './perfdhcp-load.ts'

const load: Load = { asked: 'addresses', exchangesPerSecond: 700, renewalsPerSecond: 0, seconds: 8, clientGroup: 17 }

test('perfdhcp is asked for the kind of lease, the rates and clients of their own', () => {
  const text = (changes: Partial<Load>): string => perfdhcpArguments('v0', { ...load, ...changes }).join(' ')
  expect(text({})).toBe('-6 -l v0 -e address-only -b mac=00:11:00:00:00:00 -r 700 -p 8 -R 1000000 -d 1 -W 1000000 all')
  expect(text({ asked: 'prefixes' })).toContain('-e prefix-only')
  expect(text({ asked: 'both' })).toContain('-e address-and-prefix')
  expect(text({ renewalsPerSecond: 650 })).toContain('-r 700 -p 8 -R 1000000 -f 650 ')
})

const section = (name: string, sent: number, received: number, rejected: number): string => `
***Statistics for: ${name}***
sent packets: ${sent}
received packets: ${received}
drops: ${sent - received}
orphans: 0
rejected leases: ${rejected}

min delay: 0.211 ms
avg delay: 1.725 ms
max delay: 28.400 ms
std deviation: 0.9 ms
`

const text = `***Rate statistics***\nRate: 190 4-way exchanges/second\n${[
  section('SOLICIT-ADVERTISE', 1000, 999, 0),
  section('REQUEST-REPLY', 999, 996, 1),
  section('RENEW-REPLY', 500, 490, 0),
].join('')}`

test('the report of perfdhcp is read leg by leg; renewals only if they were asked for', () => {
  const report = reportIn(text, { ...load, renewalsPerSecond: 350 })
  expect(report.solicits).toEqual({
    sent: 1000,
    received: 999,
    rejected: 0,
    averageDelayMs: 1.725,
    longestDelayMs: 28.4,
    percentiles: undefined,
  })
  expect(report.requests).toMatchObject({ sent: 999, received: 996, rejected: 1 })
  expect(report.renewals).toMatchObject({ sent: 500, received: 490 })
  expect(reportIn(text, load).renewals).toBeUndefined()
  expect(() => reportIn('', load)).toThrow('SOLICIT-ADVERTISE')
})

const leg = (sent: number, received: number, rejected = 0): Leg => ({
  sent,
  received,
  rejected,
  averageDelayMs: undefined,
  longestDelayMs: undefined,
  percentiles: undefined,
})

test('lost is what was begun and did not end well, rejected or not, of exchanges or of renewals', () => {
  const solicits = leg(1000, 999)
  expect(lostPart({ solicits, requests: leg(999, 996, 1), renewals: undefined })).toBeCloseTo(0.005)
  expect(lostPart({ solicits, requests: leg(999, 999), renewals: leg(100, 90) })).toBeCloseTo(0.1)
  expect(lostPart({ solicits, requests: leg(999, 900), renewals: leg(100, 100) })).toBeCloseTo(0.1)
})

test('a load that begins nothing has lost all', () => {
  expect(lostPart({ solicits: leg(0, 0), requests: leg(0, 0), renewals: undefined })).toBe(1)
})

test('dhcp6load is told its rates, its clients and where it sends from', () => {
  expect(dhcp6loadArguments('v0', load, 'global')).toEqual(['v0', '700', '0', '8', '170000000', '2001:db8:1::c'])
  expect(dhcp6loadArguments('v0', { ...load, renewalsPerSecond: 5 }, 'link-local').slice(2)).toEqual([
    '5',
    '8',
    '170000000',
    '::',
  ])
})

const lineOfLeg = (received: number): string =>
  `{"sent":10,"received":${received},"rejected":1,"average":1.5,"p50":1.25,"p95":3,"p99":4,"longest":5}`

test('the report of dhcp6load has percentiles, unless nothing was answered', () => {
  const line = `{"solicits":${lineOfLeg(9)},"requests":${lineOfLeg(8)},"renewals":${lineOfLeg(0)}}`
  const report = reportOfDhcp6load(line, { ...load, renewalsPerSecond: 5 })
  expect(report.requests).toEqual({
    sent: 10,
    received: 8,
    rejected: 1,
    averageDelayMs: 1.5,
    longestDelayMs: 5,
    percentiles: { p50Ms: 1.25, p95Ms: 3, p99Ms: 4 },
  })
  expect(report.renewals).toMatchObject({ received: 0, averageDelayMs: undefined, percentiles: undefined })
  expect(reportOfDhcp6load(line, load).renewals).toBeUndefined()
  expect(() => reportOfDhcp6load('{"solicits":{}}', load)).toThrow('solicits without received')
})
