/** `tandem ctl webhooks`: where the servers send their lease events by themselves. */
import { readFileSync } from 'node:fs'
import type { LeaseEventName, LeaseKind, Webhook } from '@tandem/api-contract'
import { errorCode, UserError } from '../user-error.ts'
import type { CtlApi } from './api-over-http.ts'
import { ExitCode } from './exit-codes.ts'
import { print, printJson, remark, table, timeText } from './output.ts'
import type { Format, Row } from './output.ts'

export async function listWebhooks(api: CtlApi, format: Format): Promise<ExitCode> {
  const list = await api.listWebhooks()
  if (format === 'json') printJson(list, format)
  else if (format === 'jsonl') for (const webhook of list.items) printJson(webhook, format)
  else print(list.items.length === 0 ? 'None.' : table([HEADS, ...list.items.map(rowOf)]))
  return ExitCode.done
}

export interface WebhookWish {
  readonly name: string
  readonly url: string
  readonly subnet?: string[]
  readonly kind?: LeaseKind
  readonly event?: LeaseEventName[]
  readonly oldest: boolean
  readonly receiverCa?: string
}

/** The secret is told this once. */
export async function createWebhook(api: CtlApi, wish: WebhookWish, format: Format): Promise<ExitCode> {
  const { name, url, subnet = [], kind, event = [], oldest, receiverCa } = wish
  const made = await api.createWebhook({
    body: {
      name,
      url,
      subnets: subnet,
      kinds: kind === undefined ? [] : [kind],
      events: event,
      begin: oldest ? 'oldest' : 'present',
      certificateAuthority: receiverCa === undefined ? null : textOf(receiverCa),
    },
  })
  if (format !== 'text') printJson(made, format)
  else {
    print(made.secret)
    remark(`That is the secret of webhook ${made.id}, which checks its signatures. It is not shown again.`)
  }
  return ExitCode.done
}

export async function removeWebhook(api: CtlApi, id: string, format: Format): Promise<ExitCode> {
  await api.removeWebhook({ params: { id } })
  if (format === 'text') print('Removed: neither server sends to it any more.')
  return ExitCode.done
}

/** Refused: the receiver did not accept. */
export async function testWebhook(api: CtlApi, id: string, format: Format): Promise<ExitCode> {
  const tested = await api.testWebhook({ params: { id } })
  const { accepted, status, tookMs, problem } = tested
  if (format !== 'text') printJson(tested, format)
  else print(accepted ? `Accepted with ${status} after ${tookMs} ms.` : `Not accepted: ${problem}.`)
  return accepted ? ExitCode.done : ExitCode.refused
}

export async function beginWebhook(api: CtlApi, id: string, begin: string, format: Format): Promise<ExitCode> {
  const webhook = await api.beginWebhook({ params: { id }, body: { begin } })
  if (format !== 'text') printJson(webhook, format)
  else
    print(
      `This server delivers the events after ${webhook.delivery.position ?? begin}. The other server is asked by itself.`,
    )
  return ExitCode.done
}

const HEADS = ['NAME', 'URL', 'SENDS', 'STATE', 'ACCEPTED', 'PROBLEM', 'ID']

function rowOf({ id, name, url, subnets, kinds, events, delivery }: Webhook): Row {
  const sends = [...subnets, ...kinds, ...events].join(' ')
  const { state, deliveredAt, problem } = delivery
  const accepted = deliveredAt === null ? '-' : timeText(deliveredAt)
  return [name, url, sends === '' ? 'all' : sends, state, accepted, problem ?? '-', id]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(`--receiver-ca: ${file} cannot be read (${errorCode(error)}).`)
  }
}
