/** The figures of one failure, for new and for rebinding clients each, out of what became of the clients. */
import type { ClientRecord } from './client-records.ts'

export interface Failure {
  /** When it was begun to bring it about: what that takes is part of the gap. */
  readonly atMs: number
  /** Who failed. Clients that it still answered are none that the failure made wait. */
  readonly server: string
}

/** All in milliseconds. */
export interface GapFigures {
  /** From the failure to the first answer that any client had of the survivor; undefined: none came. */
  readonly firstAnswer: number | undefined
  /**
   * From the failure until a client starts from which on every one was answered to its first message: how long the service
   * was away, without any client's timer in it. 0: each was.
   */
  readonly answeredAtOnceFrom: number
  /** How long the first client waited that the failed server answered no more, from its own start. Undefined: in vain. */
  readonly clientOfTheMoment: number | undefined
  /** Of the clients that started after the failure and were answered. */
  readonly longestWait: number | undefined
  readonly startedAfter: number
  readonly unanswered: number
  /** Started before the failure, and not answered by then. */
  readonly caught: number
  readonly refusals: number
  /** Had an offer of the failed server and no REPLY: it sends that server its REQUEST on. */
  readonly stranded: number
}

/** `records`: all of one kind. Throws if no client started after the failure, as nothing was measured then. */
export function gapFigures(records: readonly ClientRecord[], failure: Failure): GapFigures {
  const { atMs } = failure
  const after = startedAfter(records, failure)
  const [first] = after
  if (first === undefined) throw new Error('no client started after the failure')
  const waits = after.flatMap(({ startedAtMs, answeredAtMs }) =>
    answeredAtMs === undefined ? [] : [answeredAtMs - startedAtMs],
  )
  const answers = records.flatMap(({ answeredAtMs, answeredBy }) =>
    answeredAtMs !== undefined && answeredAtMs >= atMs && answeredBy !== failure.server ? [answeredAtMs] : [],
  )
  return {
    firstAnswer: answers.length === 0 ? undefined : earliest(answers) - atMs,
    answeredAtOnceFrom: answeredAtOnceFrom(after, atMs),
    clientOfTheMoment: first.answeredAtMs === undefined ? undefined : first.answeredAtMs - first.startedAtMs,
    longestWait: waits.length === 0 ? undefined : -earliest(waits.map((wait) => -wait)),
    startedAfter: after.length,
    unanswered: after.length - waits.length,
    caught: records.filter(
      ({ startedAtMs, answeredAtMs }) => startedAtMs < atMs && (answeredAtMs === undefined || answeredAtMs >= atMs),
    ).length,
    refusals: records.reduce((sum, { refusals }) => sum + refusals, 0),
    stranded: records.filter(
      ({ answeredBy, grantedAtMs }) => answeredBy === failure.server && grantedAtMs === undefined,
    ).length,
  }
}

/** In the order of their starts. */
export function startedAfter(records: readonly ClientRecord[], { atMs, server }: Failure): readonly ClientRecord[] {
  return records
    .filter(({ startedAtMs, answeredBy }) => startedAtMs >= atMs && answeredBy !== server)
    .toSorted((one, other) => one.startedAtMs - other.startedAtMs)
}

function answeredAtOnceFrom(after: readonly ClientRecord[], atMs: number): number {
  const last = after.findLastIndex(({ messages, answeredAtMs }) => messages > 1 || answeredAtMs === undefined)
  const next = after[last + 1] ?? after[last]
  return last === -1 || next === undefined ? 0 : next.startedAtMs - atMs
}

function earliest(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other))
}

/**
 * Whether the pair was what it should be before the failure; undefined: it was. One server has given all the leases, and
 * it alone answered the clients that started early enough to be answered.
 */
export function wrongBefore(
  records: readonly ClientRecord[],
  holderServers: readonly string[],
  failureAtMs: number,
): string | undefined {
  if (holderServers.length !== 1) return `${holderServers.length} servers gave leases before the failure`
  const before = records.filter(({ answeredAtMs }) => answeredAtMs !== undefined && answeredAtMs < failureAtMs)
  for (const kind of ['new', 'rebinding'] as const) {
    if (!before.some((record) => record.kind === kind)) return `no ${kind} client was answered before the failure`
  }
  const other = before.filter(({ answeredBy }) => answeredBy !== holderServers[0]).length
  return other === 0 ? undefined : `${other} clients were answered by the other server before the failure`
}
