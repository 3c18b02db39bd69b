/** The tables of the API load: what the clients felt, what the API did, and what it cost the server's threads. */
import { spreadOf, spreadText, type Spread } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import { comparisonOf, isWithinBar, mostLost, RATIO_BAR, type LegComparison, type LegName } from './comparison.ts'
import type { ConsoleSummary } from './console-figures.ts'
import type { Phase, PhaseName } from './phases.ts'

const legTitles: Readonly<Record<LegName, string>> = {
  solicits: 'SOLICIT to ADVERTISE',
  requests: 'REQUEST to REPLY',
  renewals: 'RENEW to REPLY',
}

export function reportOf(phases: readonly Phase[]): string {
  const comparison = comparisonOf(phases)
  const lost = (name: PhaseName): string => `${(100 * mostLost(phases, name)).toFixed(2)} % ${name}`
  const verdict = isWithinBar(comparison)
    ? `WITHIN the bar: consoles raise no median p99 of the clients to ${RATIO_BAR} times or more.`
    : `MISSES the bar: consoles raise a median p99 of the clients to ${RATIO_BAR} times or more.`
  return [
    clientTable(comparison),
    `lost at most: ${lost('without')}, ${lost('with')} consoles\n${verdict}`,
    apiTable(phases.flatMap(({ console }) => (console === undefined ? [] : [console]))),
    serverTable(phases),
  ].join('\n\n')
}

function clientTable(comparison: readonly LegComparison[]): string {
  const cells = ({ p50Ms, p95Ms, p99Ms }: LegComparison['with']): Row => [
    p50Ms.median.toFixed(1),
    p95Ms.median.toFixed(1),
    spreadText(p99Ms, 1),
  ]
  const rows = comparison.map((each) => [
    legTitles[each.leg],
    ...cells(each.without),
    ...cells(each.with),
    spreadText(each.ratio, 2),
  ])
  const head = ['clients, ms', 'without: p50', 'p95', 'p99', 'with consoles: p50', 'p95', 'p99', 'p99 with by without']
  return alignColumns([head, ...rows])
}

/** Medians of the repeats; the longest of all. */
function apiTable(consoles: readonly ConsoleSummary[]): string {
  const medianOf = (values: readonly number[]): string => spreadOf(values).median.toFixed(1)
  const kinds = [...new Set(consoles.flatMap(({ byKind }) => Object.keys(byKind)))]
  const rows = [...kinds, undefined].map((kind) => {
    const delays = consoles.flatMap(({ requests, byKind }) => {
      const found = kind === undefined ? requests : byKind[kind]
      return found === undefined ? [] : [found]
    })
    if (delays.length === 0) return [kind ?? 'all', 'none']
    return [
      kind ?? 'all',
      String(delays.reduce((total, { count }) => total + count, 0)),
      medianOf(delays.map(({ p50Ms }) => p50Ms)),
      medianOf(delays.map(({ p95Ms }) => p95Ms)),
      medianOf(delays.map(({ p99Ms }) => p99Ms)),
      Math.max(...delays.map(({ longestMs }) => longestMs)).toFixed(1),
    ]
  })
  const spread = (pick: (summary: ConsoleSummary) => number): string => spreadText(spreadOf(consoles.map(pick)), 1)
  const failures = consoles.flatMap((summary) => Object.entries(summary.failures))
  return [
    alignColumns([['requests, ms', 'answered', 'p50', 'p95', 'p99', 'longest'], ...rows]),
    `requests a second: ${spread(({ requestsPerSecond }) => requestsPerSecond)}`,
    `events a second to each consumer: ${spread(({ eventsPerSecondMin }) => eventsPerSecondMin)} to the one with the fewest, ` +
      `${spread(({ eventsPerSecondMax }) => eventsPerSecondMax)} to the one with the most; ` +
      `${spread(({ kilobytesPerSecond }) => kilobytesPerSecond)} kB/s to all`,
    `delay of an event, ms: p50 ${spread(({ eventDelays }) => eventDelays?.p50Ms ?? 0)}, p99 ${spread(({ eventDelays }) => eventDelays?.p99Ms ?? 0)}`,
    `consumers lost, or told to ask again: ${consoles.reduce((total, { problems }) => total + problems, 0)}`,
    ...failures.map(([what, count]) => `FAILED ${count} times: ${what}`),
  ].join('\n')
}

function serverTable(phases: readonly Phase[]): string {
  const threads = [...new Set(phases.flatMap(({ lateness }) => lateness.map(({ thread }) => thread)))]
  const of = (name: PhaseName): readonly Phase[] => phases.filter((phase) => phase.name === name)
  const cell = (values: readonly number[], spread: (values: Spread) => string): string =>
    values.length === 0 ? '-' : spread(spreadOf(values))
  const rows = threads.map((thread) => {
    const own = (name: PhaseName) =>
      of(name).flatMap(({ lateness }) => lateness.filter((each) => each.thread === thread))
    const cells = (name: PhaseName): Row => [
      cell(
        own(name).map(({ medianP99Ms }) => medianP99Ms),
        (values) => spreadText(values, 1),
      ),
      cell(
        own(name).map(({ longestMs }) => longestMs),
        ({ highest }) => highest.toFixed(0),
      ),
    ]
    return [thread, ...cells('without'), ...cells('with')]
  })
  const figure = (name: PhaseName, pick: (phase: Phase) => number, digits: number): string =>
    spreadText(spreadOf(of(name).map(pick)), digits)
  return [
    alignColumns([
      ['event loop late, ms (p99 of a second)', 'without', 'longest', 'with consoles', 'longest'],
      ...rows,
    ]),
    `processors used: ${figure('without', ({ cpuPart }) => cpuPart, 2)} without, ${figure('with', ({ cpuPart }) => cpuPart, 2)} with consoles`,
    `memory MB: ${figure('without', ({ residentMegabytes }) => residentMegabytes, 0)} without, ${figure('with', ({ residentMegabytes }) => residentMegabytes, 0)} with consoles`,
  ].join('\n')
}
