/** `tandem ctl lease-events`: what the server did for clients, from a position on; followed, none is left out. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiFailure, LEASE_EVENT_WAIT_SECONDS_MAX } from '@tandem/api-contract'
import type { LeaseEvent, LeaseEventName, LeaseEventPage, LeaseKind } from '@tandem/api-contract'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode, exitCodeOf } from './exit-codes.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

export interface LeaseEventWish {
  readonly subnet?: string | undefined
  readonly kind?: LeaseKind | undefined
  readonly event?: LeaseEventName | undefined
}

/** The oldest first. */
export async function showLeaseEvents(
  api: CtlApi,
  wish: LeaseEventWish & { readonly after: string | undefined; readonly limit: number },
  format: Format,
): Promise<ExitCode> {
  const page = await api.listLeaseEvents({ query: wish })
  if (format === 'json') printJson(page, format)
  else if (format === 'jsonl') for (const event of page.items) printJson(event, format)
  else {
    print(page.items.length === 0 ? 'None.' : table([HEADS, ...page.items.map(rowOf)]))
    remark(`Go on with --after ${page.next}`)
  }
  return ExitCode.done
}

const PAGE_LIMIT = 500
const TRY_AGAIN_MS = 2_000
/** So much of the time for an answer is for the way. */
const ON_THE_WAY_SECONDS = 3

/**
 * Each one that comes, also those of a time without contact to the server, and over its restarts. `after` is the id of the last
 * one that was seen before; absent: what is past is left out. Ends where what was missed is not kept any more.
 */
export async function followLeaseEvents(
  api: CtlApi,
  wish: LeaseEventWish,
  after: string | undefined,
  { format, timeoutSeconds }: { readonly format: Format; readonly timeoutSeconds: number },
): Promise<ExitCode> {
  const waitSeconds = Math.max(1, Math.min(LEASE_EVENT_WAIT_SECONDS_MAX, timeoutSeconds - ON_THE_WAY_SECONDS))
  let hasLeft = false
  process.stdout.on('error', () => {
    hasLeft = true
  })
  let next = after ?? (await api.listLeaseEvents({ query: { after: 'present' } })).next
  while (!hasLeft) {
    const page = await readOrWait(async () =>
      api.listLeaseEvents({ query: { ...wish, after: next, limit: PAGE_LIMIT, waitSeconds } }),
    )
    if (page === undefined) continue
    for (const event of page.items) {
      if (format === 'text') print(rowOf(event).join('  '))
      else printJson(event, 'jsonl')
    }
    next = page.next
  }
  return ExitCode.done
}

/** Undefined: the server is away, or holds back; it is asked again. */
async function readOrWait(read: () => Promise<LeaseEventPage>): Promise<LeaseEventPage | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const code = exitCodeOf(error)
    if (code !== ExitCode.noAnswer && code !== ExitCode.notNow) throw error
    remark(`${error.message} Trying again.`)
    await sleep(TRY_AGAIN_MS)
    return undefined
  }
}

const HEADS = ['AT', 'EVENT', 'LEASE', 'CLIENT', 'VALID UNTIL', 'NEXT HOP', 'REASON', 'ID']

function rowOf({ id, at, event, reason, lease, client, validUntil, nextHop }: LeaseEvent): Row {
  const until = validUntil === null ? '-' : timeText(validUntil)
  return [timeText(at), event, lease, client?.duid ?? '-', until, nextHop ?? '-', reason, id]
}
