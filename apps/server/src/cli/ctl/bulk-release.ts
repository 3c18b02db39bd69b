/** `tandem ctl leases release-found` and what follows it: counts, asks for the number, starts a bulk release and shows how far it is. */
import { setTimeout as delay } from 'node:timers/promises'
import { createInterface } from 'node:readline/promises'
import type { BulkRelease, BulkReleaseFilter, BulkReleasePreview } from '@tandem/api-contract'
import { UserError } from '../user-error.ts'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format } from './output.ts'

export interface BulkReleaseWish {
  readonly filter: BulkReleaseFilter
  readonly reason: string
  /** As many at most, without being asked. */
  readonly expected: string | undefined
  /** As many as are counted, without being asked. */
  readonly yes: boolean
  /** Only counts. */
  readonly check: boolean
  /** Is not waited for. */
  readonly detach: boolean
  readonly idempotencyKey: string | undefined
}

const LOOK_INTERVAL_MS = 500

export async function releaseFound(api: CtlApi, wish: BulkReleaseWish, format: Format): Promise<ExitCode> {
  const { filter, reason, idempotencyKey } = wish
  const preview = await api.previewBulkRelease({ query: filter })
  if (wish.check) {
    if (format === 'text') print(previewText(preview))
    else printJson(preview, format)
    return exitCodeOfPreview(preview)
  }
  const nothing = exitCodeOfPreview(preview)
  if (nothing !== ExitCode.done) {
    remark(previewText(preview))
    return nothing
  }
  const expected = wish.expected ?? (wish.yes ? preview.releasable : await confirmed(preview))
  const started = await api.startBulkRelease({
    body: { filter, reason, expected, asOf: preview.asOf },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  remark(`Bulk release ${started.id} goes on in the server, also without this command; to stop it:`)
  remark(`tandem ctl leases cancel-release ${started.id}`)
  if (!wish.detach) return follow(api, started, format)
  show(started, format)
  return ExitCode.done
}

/** Until it has ended. */
export async function followRelease(api: CtlApi, id: string, format: Format): Promise<ExitCode> {
  return follow(api, await api.getBulkRelease({ params: { id } }), format)
}

async function follow(api: CtlApi, first: BulkRelease, format: Format): Promise<ExitCode> {
  let now = first
  let said = ''
  while (now.state === 'running') {
    const text = progressText(now)
    if (text !== said) remark(text)
    said = text
    await delay(LOOK_INTERVAL_MS)
    now = await api.getBulkRelease({ params: { id: now.id } })
  }
  show(now, format)
  return exitCodes[now.state]
}

const exitCodes: Readonly<Record<BulkRelease['state'], ExitCode>> = {
  running: ExitCode.done,
  done: ExitCode.done,
  cancelled: ExitCode.refused,
  failed: ExitCode.notNow,
  interrupted: ExitCode.notNow,
}

export async function cancelRelease(api: CtlApi, id: string, format: Format): Promise<ExitCode> {
  show(await api.cancelBulkRelease({ params: { id } }), format)
  return ExitCode.done
}

export async function listReleases(api: CtlApi, format: Format): Promise<ExitCode> {
  const { items } = await api.listBulkReleases()
  if (format === 'json') printJson({ items }, format)
  else if (format === 'jsonl') for (const item of items) printJson(item, format)
  else if (items.length === 0) print('There were none.')
  else print(table([HEADS, ...items.map(rowOf)]))
  return ExitCode.done
}

const HEADS = ['ID', 'STARTED', 'BY', 'STATE', 'LEASES', 'RELEASED', 'LEFT ALONE', 'NOT TRIED']

function rowOf(release: BulkRelease): readonly string[] {
  const { id, startedAt, startedBy, state, leases, released, left } = release
  return [id, timeText(startedAt), startedBy, state, leases, released, String(aloneIn(release)), left]
}

function exitCodeOfPreview({ active, releasable }: BulkReleasePreview): ExitCode {
  if (active.count === '0') return ExitCode.notFound
  return active.exact && releasable !== '0' ? ExitCode.done : ExitCode.refused
}

function previewText({ found, active, releasable, refused }: BulkReleasePreview): string {
  if (!active.exact) {
    return `More than ${active.count} active leases are found, which is more than can be released at once: narrow the search.`
  }
  return [
    `${found.exact ? '' : 'More than '}${found.count} found, ${active.count} of them active, ${releasable} can be released now`,
    ...refused.map(({ refusal, count }) => `  ${count} left alone: ${refusal}`),
  ].join('\n')
}

function progressText({ leases, released, left, ...release }: BulkRelease): string {
  return `${released} of ${leases} released, ${aloneIn(release)} left alone, ${left} to go`
}

const aloneIn = ({ refused }: Pick<BulkRelease, 'refused'>): number =>
  refused.reduce((sum, { count }) => sum + Number(count), 0)

function show(release: BulkRelease, format: Format): void {
  if (format !== 'text') return printJson(release, format)
  const { id, state, problem, leases, released, left, refused, endedBy } = release
  const by = endedBy === null ? '' : ` by ${endedBy}`
  const notTried = left === '0' ? '' : `, ${left} ${state === 'running' ? 'to go' : 'not tried'}`
  print(`${id}: ${state}${by}, ${released} of ${leases} released${notTried}`)
  for (const { refusal, count } of refused) print(`  ${count} left alone: ${refusal}`)
  if (problem !== null) print(`  ${problem}`)
}

/** A client that is there after all shares its lease with the next one, so a slip of the hand must not do it to many. */
async function confirmed(preview: BulkReleasePreview): Promise<string> {
  const { releasable } = preview
  remark(previewText(preview))
  if (!process.stdin.isTTY) {
    throw new UserError(`Nobody is there to confirm it: add --expect ${releasable}, or --yes for as many as there are.`)
  }
  remark('Their clients are not told: one that is there after all may share its lease with another.')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(`Type ${releasable} to release them: `)
  lines.close()
  if (answer.trim() !== releasable) throw new UserError('Nothing was done.')
  return releasable
}
