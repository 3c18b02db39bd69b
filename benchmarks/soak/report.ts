/** The soak in two tables: what each minute was like, and whether anything grew; and a sentence about it. */
import { spreadOf, spreadText } from '../harness/statistics.ts'
import { alignColumns, type Row } from '../harness/table.ts'
import type { Leg, Percentiles } from '../leases-per-second/load-report.ts'
import { growthOf, type Growth } from './growth.ts'
import type { LiveGrowth } from './live-memory.ts'
import { SERVERS, type Minute } from './minute.ts'

export interface Series {
  readonly name: string
  readonly digits: number
  readonly growth: Growth
}

export function seriesOf(minutes: readonly Minute[]): readonly Series[] {
  const series = (name: string, digits: number, pick: (minute: Minute) => number): Series => ({
    name,
    digits,
    growth: growthOf(minutes.map((minute) => ({ minute: minute.minute, value: pick(minute) }))),
  })
  const owed = series('updates owed (count)', 0, (minute) => minute.owed)
  const ofServers = SERVERS.flatMap((server) => {
    const threads = Object.keys(minutes[0]?.servers[server].heapMegabytes ?? {}).toSorted()
    return [
      series(`${server} memory (RSS)`, 0, ({ servers }) => servers[server].residentMegabytes),
      ...threads.map((thread) =>
        series(`${server} heap ${thread}`, 1, ({ servers }) => servers[server].heapMegabytes[thread] ?? 0),
      ),
      series(`${server} database`, 1, ({ servers }) => servers[server].databaseMegabytes),
      series(`${server} write-ahead log`, 1, ({ servers }) => servers[server].writeAheadLogMegabytes),
      series(`${server} commit log`, 1, ({ servers }) => servers[server].commitLogMegabytes),
      series(`${server} log`, 3, ({ servers }) => servers[server].serverLogMegabytes),
    ]
  })
  return [...ofServers, owed]
}

export function reportOf(minutes: readonly Minute[], exchangesPerSecond: number, live: readonly LiveGrowth[]): string {
  const series = seriesOf(minutes)
  return [minuteTable(minutes, exchangesPerSecond), growthTable(series), liveTable(live), verdictOf(series, live)].join(
    '\n\n',
  )
}

function minuteTable(minutes: readonly Minute[], exchangesPerSecond: number): string {
  const leg = (title: string, pick: (minute: Minute) => Leg | undefined): Row => {
    const cell = (key: keyof Percentiles): string => {
      const values = minutes.flatMap((minute) => pick(minute)?.percentiles?.[key] ?? [])
      return values.length === 0 ? '-' : spreadText(spreadOf(values), 1)
    }
    return [title, cell('p50Ms'), cell('p95Ms'), cell('p99Ms')]
  }
  const asked = minutes.reduce((total, minute) => total + minute.asked, 0)
  const unanswered = minutes.reduce((total, minute) => total + minute.unanswered, 0)
  const late = SERVERS.flatMap((server) => {
    const threads = [...new Set(minutes.flatMap(({ servers }) => servers[server].lateness.map(({ thread }) => thread)))]
    return threads.map((thread): Row => {
      const own = minutes.flatMap(({ servers }) => servers[server].lateness.filter((each) => each.thread === thread))
      return [
        `${server} ${thread}`,
        spreadText(spreadOf(own.map(({ medianP99Ms }) => medianP99Ms)), 1),
        Math.max(...own.map(({ longestMs }) => longestMs)).toFixed(0),
      ]
    })
  })
  return [
    alignColumns([
      [
        `${minutes.length} minutes, ${exchangesPerSecond} exchanges and as many renewals a second`,
        'p50 ms',
        'p95',
        'p99',
      ],
      leg('SOLICIT to ADVERTISE', ({ load }) => load.solicits),
      leg('REQUEST to REPLY', ({ load }) => load.requests),
      leg('RENEW to REPLY', ({ load }) => load.renewals),
    ]),
    `${asked} questions, ${unanswered} without an answer (${((100 * unanswered) / Math.max(1, asked)).toFixed(3)} %)`,
    alignColumns([['event loop late, ms', 'p99 of a second', 'longest'], ...late]),
  ].join('\n\n')
}

function growthTable(series: readonly Series[]): string {
  const rows = series.map(({ name, digits, growth: { first, last, perHour, verdict } }): Row => [
    name,
    first.toFixed(digits),
    last.toFixed(digits),
    perHour === undefined ? '-' : perHour.toFixed(digits),
    verdict,
  ])
  return alignColumns([['MB', 'minute 1', 'last', 'slope per hour', ''], ...rows])
}

function liveTable(live: readonly LiveGrowth[]): string {
  const rows = live.map(({ name, before, after, perHour, grows }): Row => [
    name,
    before.toFixed(1),
    after.toFixed(1),
    perHour.toFixed(1),
    grows ? 'grows' : 'level',
  ])
  return alignColumns([['MB alive after a full collection', 'at a third', 'at the end', 'by the hour', ''], ...rows])
}

/** Garbage that nobody had to collect yet makes these grow; what is alive in them is asked for separately. */
const HEAP = / heap /

/** Plain, and no more than the run can say. */
export function verdictOf(all: readonly Series[], live: readonly LiveGrowth[]): string {
  const series = all.filter(({ name }) => !HEAP.test(name))
  const named = (wanted: Growth['verdict']): readonly string[] =>
    series.filter(({ growth }) => growth.verdict === wanted).map(({ name }) => name)
  const alive = live.filter(({ grows }) => grows).map(({ name }) => `what is alive in ${name}`)
  if (named('too short to tell').length > 0 || live.length === 0) {
    return 'The run was too short to tell whether anything grows.'
  }
  const growing = [...alive, ...named('grows')]
  const levelling = named('levelling off')
  const ofLevelling = levelling.length === 0 ? '' : ` Levelling off: ${levelling.join(', ')}.`
  if (growing.length === 0) return `Nothing was still growing at the end, neither memory nor files.${ofLevelling}`
  const ofHeaps = alive.length === 0 ? ' What is alive in the heaps is level: no leak there.' : ''
  return `STILL GROWING at the end: ${growing.join(', ')}.${ofLevelling}${ofHeaps}`
}
