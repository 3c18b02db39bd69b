/** What happened to a relationship on this server, put in order from what is recorded of it. */
import type { FailoverState, TimelineEntry } from '@tandem/api-contract'
import { isoOf } from '../http/view-values.ts'
import type { AuditRow } from '../storage/audit.queries.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { listCommandRows, listConfigurationRows, listStartRows } from '../storage/timeline.queries.ts'
import type { ConfigurationRow, ServerStartRow, Stretch } from '../storage/timeline.queries.ts'
import { listTransitionRows } from '../storage/transitions.queries.ts'
import { toTransitionView } from './relationship.view.ts'

export interface TimelineOf {
  readonly serverName: string
  readonly relationship: string
  /** Ids of its pools. */
  readonly pools: readonly string[]
}

export interface OwnTimeline {
  readonly stateBefore: FailoverState | null
  /** ISO; null: every entry of the stretch is told. */
  readonly completeFrom: string | null
  /** Newest first. */
  readonly items: readonly TimelineEntry[]
}

/** Commands on service; those on single leases are in the audit. */
const ACTIONS = [
  'declare-partner-down',
  'hand-over',
  'take-back',
  'resync',
  'rebalance',
  'drain-pool',
  'stop-draining',
  'restore',
] as const

/** Of what the partner reads in one answer, with room for what stands around it. */
const ENTRIES_OCTETS_MAX = 200_000

export async function ownTimeline(database: ConsoleDatabase, of: TimelineOf, stretch: Stretch): Promise<OwnTimeline> {
  const { serverName, relationship, pools } = of
  const more = { ...stretch, limit: stretch.limit + 1 }
  const targets = [relationship, 'storage', ...pools]
  const [transitions, commands, configurations, starts, [last]] = await Promise.all([
    listTransitionRows(database, { relationship, beforeId: undefined, ...more }),
    listCommandRows(database, { actions: ACTIONS, targets }, more),
    listConfigurationRows(database, more),
    listStartRows(database, more),
    listTransitionRows(database, { relationship, toMs: stretch.fromMs - 1, beforeId: undefined, limit: 1 }),
  ])
  const entries = [
    ...transitions.map((row): TimelineEntry => {
      const { relationship: _, ...transition } = toTransitionView(row)
      return { ...transition, kind: 'state-change', id: `state-${row.id}`, serverName }
    }),
    ...commands.map((row) => commandEntry(row, serverName)),
    ...configurations.map((row) => configurationEntry(row, serverName)),
    ...starts.map((row) => startEntry(row, serverName)),
  ].toSorted(newestFirst)
  const items = entries.slice(0, countTold(entries, stretch.limit))
  const leftOut = entries[items.length]
  const oldestChange = items.findLast((entry) => entry.kind === 'state-change')
  return {
    stateBefore: oldestChange?.from ?? (last === undefined ? null : toTransitionView(last).to),
    completeFrom: leftOut === undefined ? null : isoOf(Date.parse(leftOut.at) + 1),
    items,
  }
}

/** Of one moment, what came of something stands above it: the change of state above the command. */
const RANK: Readonly<Record<TimelineEntry['kind'], number>> = {
  'state-change': 0,
  command: 1,
  configuration: 2,
  start: 3,
}

/** For a stable sort: what each server told in its order stays in it. */
export function newestFirst(a: TimelineEntry, b: TimelineEntry): number {
  return Date.parse(b.at) - Date.parse(a.at) || RANK[a.kind] - RANK[b.kind]
}

function countTold(entries: readonly TimelineEntry[], limit: number): number {
  let octets = 0
  let count = 0
  for (const entry of entries.slice(0, limit)) {
    octets += Buffer.byteLength(JSON.stringify(entry)) + 1
    if (octets > ENTRIES_OCTETS_MAX) break
    count += 1
  }
  return count
}

function commandEntry(row: AuditRow, serverName: string): TimelineEntry {
  const { id, at, operator, action, target, reason, outcome, detail } = row
  return {
    kind: 'command',
    id: `command-${id}`,
    serverName,
    at: isoOf(Number(at)),
    action,
    target,
    operator,
    reason,
    outcome: outcome === 'done' ? 'done' : 'refused',
    detail,
  }
}

function configurationEntry({ number, at, who, why }: ConfigurationRow, serverName: string): TimelineEntry {
  return {
    kind: 'configuration',
    id: `configuration-${number}`,
    serverName,
    at: isoOf(Number(at)),
    revision: number,
    operator: who,
    reason: why,
  }
}

function startEntry({ id, at, ranUntil, version }: ServerStartRow, serverName: string): TimelineEntry {
  return {
    kind: 'start',
    id: `start-${id}`,
    serverName,
    at: isoOf(Number(at)),
    version,
    // A run is noted ahead of the clock, so that after a quick restart the note may be later than the start.
    ranUntil: ranUntil === null ? null : isoOf(Math.min(Number(ranUntil), Number(at))),
  }
}
