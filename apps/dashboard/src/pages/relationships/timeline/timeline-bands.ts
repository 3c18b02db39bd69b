/** In which state each server was when, from what both tell of a stretch of time. */
import type { FailoverState, Timeline, TimelineEntry, TimelineServer } from '@tandem/api-contract'

export interface Band {
  readonly state: FailoverState | 'not-running'
  readonly fromMs: number
  readonly toMs: number
}

export interface Lane {
  readonly server: TimelineServer
  /** Oldest first, without overlap; where there is none, nothing is known. */
  readonly bands: readonly Band[]
}

/** `untilMs`: where the last state of a server that was asked is still its state. */
export function lanesOf({ servers, items, from, to }: Timeline): readonly Lane[] {
  return servers.map((server) => {
    const own = items.filter(({ serverName }) => serverName === server.serverName).toReversed()
    const beginMs = Date.parse(server.completeFrom ?? from)
    const endMs = Math.min(Date.parse(to), Date.parse(server.asOf))
    return { server, bands: server.outcome === 'told' ? bandsOf(server, own, beginMs, endMs) : [] }
  })
}

function bandsOf(
  { stateBefore }: TimelineServer,
  oldestFirst: readonly TimelineEntry[],
  beginMs: number,
  endMs: number,
): readonly Band[] {
  const bands: Band[] = []
  let state: Band['state'] | null = stateBefore
  let sinceMs = beginMs
  const until = (toMs: number, next: Band['state'] | null): void => {
    if (state !== null && toMs > sinceMs) bands.push({ state, fromMs: sinceMs, toMs })
    sinceMs = Math.max(sinceMs, toMs)
    state = next
  }
  for (const entry of oldestFirst) {
    const atMs = Date.parse(entry.at)
    if (entry.kind === 'state-change') until(atMs, entry.to)
    if (entry.kind === 'start') {
      // Of a run whose end nobody noted, nothing is known.
      if (entry.ranUntil === null) state = null
      else until(Date.parse(entry.ranUntil), 'not-running')
      until(atMs, 'startup')
    }
  }
  until(endMs, null)
  return bands
}

export function stateAt({ bands }: Lane, atMs: number): Band['state'] | undefined {
  // Where one ends and the next begins, the next.
  return bands.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs)?.state
}
