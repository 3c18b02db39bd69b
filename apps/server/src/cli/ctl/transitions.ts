/** `tandem ctl transitions`: the history of states of one relationship; watched, none is left out. */
import { failoverStateWord, missedTransitions } from '@tandem/api-contract'
import type { Transition } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import type { Connection } from './connection.ts'
import { ExitCode } from './exit-codes.ts'
import { follow } from './live.ts'
import { print, printJson, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

/** Newest first. */
export async function showTransitions(
  api: CtlApi,
  relationship: string,
  limit: number,
  format: Format,
): Promise<ExitCode> {
  const { items, nextCursor } = await api.listTransitions({ params: { name: relationship }, query: { limit } })
  if (format === 'json') printJson({ items, nextCursor }, format)
  else if (format === 'jsonl') for (const transition of items) printJson(transition, format)
  else if (items.length === 0) print('None yet: this server has been in its state since its first start.')
  else print(table([['AT', 'FROM', 'TO', 'CAUSE', 'RULE', 'OPERATOR'], ...items.map(rowOf)]))
  return ExitCode.done
}

/**
 * Each one that comes, oldest first, also those of a time without contact to the server, and over its restarts. `sinceId` is
 * the last one that was seen before; absent: what is past is left out.
 */
export async function watchTransitions(
  api: CtlApi,
  connection: Connection,
  relationship: string,
  sinceId: string | undefined,
  format: Format,
): Promise<ExitCode> {
  const { items } = await api.listTransitions({ params: { name: relationship }, query: { limit: 1 } })
  let lastSeenId = sinceId ?? items[0]?.id ?? '0'
  const show = (transition: Transition): void => {
    if (transition.relationship !== relationship || BigInt(transition.id) <= BigInt(lastSeenId)) return
    lastSeenId = transition.id
    if (format === 'text') print(rowOf(transition).join('  '))
    else printJson(transition, 'jsonl')
  }
  return follow(connection, {
    missed: async () => {
      for (const transition of await missedTransitions(api, relationship, lastSeenId)) show(transition)
    },
    changed: (event) => {
      if (event.kind === 'transition') show(event.transition)
    },
  })
}

function rowOf({ at, from, to, cause, rule, operator }: Transition): Row {
  return [timeText(at), failoverStateWord(from), failoverStateWord(to), cause, rule, operator ?? '-']
}
