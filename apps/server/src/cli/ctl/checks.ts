/** `tandem ctl checks`: what both servers find when they look at themselves and at what lies between them. */
import type { Check, CheckList } from '@tandem/api-contract'
import type { Command } from 'commander'
import type { CtlApi } from './api-over-http.ts'
import { ask, asking } from './asking.ts'
import type { Flags } from './asking.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table } from './output.ts'
import type { Format, Row } from './output.ts'

export function addChecks(ctl: Command): void {
  asking(ctl, 'checks', 'clocks, links, certificates, versions and configurations of both servers; the exit code tells')
    .option('--all', 'those that are good too', false)
    .action(async ({ all, ...flags }: Flags & { all: boolean }) =>
      ask(flags, async ({ api, format }) => showChecks(api, all, format)),
    )
}

async function showChecks(api: CtlApi, all: boolean, format: Format): Promise<ExitCode> {
  const list = await api.listChecks()
  const shown = all ? list.items : list.items.filter(({ outcome }) => outcome !== 'good')
  if (format === 'json') printJson({ ...list, items: shown }, format)
  else if (format === 'jsonl') for (const check of shown) printJson(check, format)
  else printText(list, shown)
  return exitCodeOf(list)
}

function printText({ servers, items }: CheckList, shown: readonly Check[]): void {
  if (shown.length > 0) print(table([['OUTCOME', 'SERVER', 'WHAT', 'FINDING', 'REMEDY'], ...shown.map(rowOf)]))
  for (const { serverName, problem } of servers) {
    if (problem !== null) remark(`${serverName} could not be asked: ${problem}.`)
  }
  const good = items.filter(({ outcome }) => outcome === 'good').length
  remark(`${good} of ${items.length} checks are good.`)
}

function rowOf({ outcome, serverName, what, finding, remedy }: Check): Row {
  return [outcome, serverName, what, finding, remedy ?? '-']
}

function exitCodeOf({ servers, items }: CheckList): ExitCode {
  if (items.some(({ outcome }) => outcome === 'bad' || outcome === 'warning')) return ExitCode.degraded
  return servers.every(({ outcome }) => outcome === 'told') ? ExitCode.done : ExitCode.notNow
}
