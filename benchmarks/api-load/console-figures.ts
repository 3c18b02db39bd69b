/** What the consoles of a phase saw, summed up. */
import { quantileOf } from '../harness/statistics.ts'

export interface ConsoleFigures {
  readonly seconds: number
  readonly consumers: readonly {
    /** By kind. */
    readonly events: Readonly<Record<string, number>>
    readonly octets: number
    readonly delaysMs: readonly number[]
    /** Lost connections, and events that it was told it had missed. */
    readonly problems: number
  }[]
  /** Of each kind of request, from the question to the end of the answer. */
  readonly delaysMs: Readonly<Record<string, readonly number[]>>
  /** What went wrong, and how often. */
  readonly failures: Readonly<Record<string, number>>
}

export interface Delays {
  readonly count: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly longestMs: number
}

export interface ConsoleSummary {
  readonly requestsPerSecond: number
  readonly requests: Delays | undefined
  readonly byKind: Readonly<Record<string, Delays>>
  /** Of each consumer in a second: the one with the fewest, and the one with the most. */
  readonly eventsPerSecondMin: number
  readonly eventsPerSecondMax: number
  readonly kilobytesPerSecond: number
  readonly eventDelays: Delays | undefined
  readonly problems: number
  readonly failures: Readonly<Record<string, number>>
}

export function summaryOf({ seconds, consumers, delaysMs, failures }: ConsoleFigures): ConsoleSummary {
  const all = Object.values(delaysMs).flat()
  const byKind = Object.entries(delaysMs).map(([kind, delays]) => [kind, delaysOf(delays)] as const)
  const events = consumers.map((consumer) => sum(Object.values(consumer.events)) / seconds)
  return {
    requestsPerSecond: all.length / seconds,
    requests: delaysOf(all),
    byKind: Object.fromEntries(byKind.flatMap(([kind, delays]) => (delays === undefined ? [] : [[kind, delays]]))),
    eventsPerSecondMin: events.length === 0 ? 0 : Math.min(...events),
    eventsPerSecondMax: Math.max(0, ...events),
    kilobytesPerSecond: sum(consumers.map(({ octets }) => octets)) / seconds / 1000,
    eventDelays: delaysOf(consumers.flatMap((consumer) => consumer.delaysMs)),
    problems: sum(consumers.map(({ problems }) => problems)),
    failures,
  }
}

/** Undefined of none. */
export function delaysOf(values: readonly number[]): Delays | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const at = (quantile: number): number => quantileOf(sorted, quantile)
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), longestMs: at(1) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
