/** `tandem ctl timeline`: what happened to a relationship on both servers. */
import { failoverStateWord } from '@tandem/api-contract'
import type { Timeline, TimelineEntry } from '@tandem/api-contract'
import type { Command } from 'commander'
import type { CtlApi } from './api-over-http.ts'
import { ask, asking, countOf } from './asking.ts'
import type { Flags } from './asking.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

const LIMIT_DEFAULT = '200'

interface TimelineFlags extends Flags {
  readonly from?: string
  readonly to?: string
  readonly limit: string
}

export function addTimeline(ctl: Command): void {
  asking(ctl, 'timeline <relationship>', 'what happened to a relationship on both servers, newest first')
    .option('--from <time>', 'not older than this, for example 2026-11-28T02:00:00Z; a day before --to without it')
    .option('--to <time>', 'not newer than this; now without it')
    .option('--limit <number>', 'not more than so many of each server', LIMIT_DEFAULT)
    .action(async (relationship: string, { from, to, limit, ...flags }: TimelineFlags) =>
      ask(flags, async ({ api, format }) =>
        showTimeline(api, relationship, { from, to, limit: countOf('--limit', limit) }, format),
      ),
    )
}

interface TimelineWish {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly limit: number
}

/** Without the partner the answer is not whole, and the exit code says so. */
async function showTimeline(api: CtlApi, relationship: string, wish: TimelineWish, format: Format): Promise<ExitCode> {
  const timeline = await api.getTimeline({ params: { name: relationship }, query: wish })
  if (format === 'json') printJson(timeline, format)
  else if (format === 'jsonl') for (const entry of timeline.items) printJson(entry, format)
  else printText(timeline)
  return timeline.servers.every(({ outcome }) => outcome === 'told') ? ExitCode.done : ExitCode.notNow
}

function printText({ items, servers }: Timeline): void {
  if (items.length === 0) print('Nothing happened in this stretch of time.')
  else print(table([['AT', 'SERVER', 'WHAT', 'WHY', 'BY'], ...items.map(rowOf)]))
  for (const { serverName, problem, completeFrom } of servers) {
    if (problem !== null) remark(`${serverName} could not be asked: ${problem}.`)
    if (completeFrom !== null) remark(`Of ${serverName} there are older ones: go on with --to ${completeFrom}`)
  }
}

function rowOf(entry: TimelineEntry): Row {
  const when = [timeText(entry.at), entry.serverName]
  switch (entry.kind) {
    case 'state-change': {
      const what = `${failoverStateWord(entry.from)} to ${failoverStateWord(entry.to)}`
      return [...when, what, `${entry.cause} (${entry.rule})`, entry.operator ?? '-']
    }
    case 'command':
      return [...when, `${entry.action} ${entry.target}: ${entry.outcome}`, entry.reason, entry.operator]
    case 'configuration':
      return [...when, `configuration ${entry.revision}`, entry.reason, entry.operator]
    case 'start': {
      const before = entry.ranUntil === null ? 'had not run before' : `had run until ${timeText(entry.ranUntil)}`
      return [...when, `start of version ${entry.version}`, before, '-']
    }
  }
}
