/** Webhooks: where the servers of the pair send their lease events by themselves, signed and in order. */
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { LeaseKind, Timestamp } from '../values.ts'
import { LeaseEvent, LeaseEventName, LeaseEventPosition } from './lease-events.ts'

export const WEBHOOKS_MAX = 20
/** Of one delivery. */
export const WEBHOOK_EVENTS_MAX = 100
/** A receiver that has not answered by then is asked again. */
export const WEBHOOK_ANSWER_SECONDS = 10
export const WEBHOOK_SECRET_PREFIX = 'whsec_'

const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d+)?$/i
/** Scheme, host with its port, and what follows. */
const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]+)([^#\s]*)(#.*)?$/i

function whyNotUrl(text: string): string | undefined {
  const [, scheme = '', authority = '', , fragment] = URL_PARTS.exec(text) ?? []
  if (authority === '' || !z.url().safeParse(text).success) return 'is no URL; write https://host/path'
  if (!/^https?$/i.test(scheme)) return 'has to begin with https://'
  if (authority.includes('@')) return 'may not hold a password; the signature says who sends'
  if (scheme.toLowerCase() === 'http' && !LOOPBACK.test(authority)) {
    return 'has to begin with https://: without TLS anybody on the way reads which client has which lease; http is for this host only'
  }
  return fragment === undefined ? undefined : 'may not have a part after #'
}

export const WebhookUrl = z
  .string()
  .trim()
  .max(1000)
  .check(({ value, issues }) => {
    const message = whyNotUrl(value)
    if (message !== undefined) issues.push({ code: 'custom', input: value, message })
  })
  .meta({
    id: 'WebhookUrl',
    description: 'https, or http to this host itself; redirects are not followed',
    format: 'uri',
  })

const some = <Item extends z.ZodType>(item: Item) => z.array(item).max(100).default([]).describe('Empty: all')

const filter = {
  subnets: some(z.string().trim().min(1).max(64)).describe('Ids of subnets; empty: all'),
  kinds: some(LeaseKind),
  events: some(LeaseEventName),
}

export const webhookStates = ['in-step', 'delivering', 'trying-again', 'stopped', 'not-begun'] as const

export const WebhookDelivery = z
  .object({
    server: z.string().describe('Each server delivers what it did itself; this is what the one that answers has done'),
    state: z
      .enum(webhookStates)
      .describe(
        '`in-step`: all is delivered; `delivering`: there is more; `trying-again`: the last delivery failed; `stopped`: the receiver said that ' +
          'it is gone (410), and nothing is sent until it is begun again',
      ),
    position: LeaseEventPosition.nullable().describe('All events up to it are delivered; null: not known yet'),
    deliveredAt: Timestamp.nullable().describe('When the receiver last accepted something'),
    failures: z.int().min(0).describe('Since then'),
    problem: z.string().nullable().describe('Why the last delivery failed'),
    nextAttemptAt: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

export const Webhook = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    subnets: z.array(z.string()),
    kinds: z.array(LeaseKind),
    events: z.array(LeaseEventName),
    hasOwnAuthority: z.boolean().describe('The certificate of the receiver is checked against one of its own'),
    createdBy: z.string(),
    createdAt: Timestamp,
    delivery: WebhookDelivery,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const NewWebhook = Webhook.extend({
  secret: z.string().describe('Checks the signatures. Shown this once'),
}).meta({ id: 'NewWebhook' })
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookList = z.object({ items: z.array(Webhook) }).meta({ id: 'WebhookList' })
export type WebhookList = z.infer<typeof WebhookList>

export const NewWebhookWish = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    url: WebhookUrl,
    ...filter,
    begin: z
      .enum(['present', 'oldest'])
      .default('present')
      .describe('`oldest`: with all events that the servers still keep'),
    certificateAuthority: z
      .string()
      .max(20_000)
      .nullable()
      .default(null)
      .describe('PEM, of a receiver whose certificate no public authority has signed'),
  })
  .meta({ id: 'NewWebhookWish' })

export const WebhookStart = z
  .strictObject({
    begin: z
      .union([z.enum(['present', 'oldest']), LeaseEventPosition])
      .describe('The events after this position of this server are delivered from now on, also a second time'),
  })
  .meta({ id: 'WebhookStart' })

export const WebhookTest = z
  .object({
    accepted: z.boolean(),
    status: z.int().nullable().describe('Of the answer over HTTP; null: there was none'),
    tookMs: z.int().min(0),
    problem: z.string().nullable(),
  })
  .meta({ id: 'WebhookTest' })
export type WebhookTest = z.infer<typeof WebhookTest>

export const webhookMessageTypes = ['lease-events', 'lease-events.lost', 'test'] as const

/** The body of a delivery; headers and signature are those of Standard Webhooks. */
export const WebhookMessage = z
  .object({
    type: z
      .enum(webhookMessageTypes)
      .describe(
        '`lease-events.lost`: events before the position were not kept until they could be delivered; read the list of leases. `test`: an ' +
          'operator tries whether deliveries arrive',
      ),
    timestamp: Timestamp.describe('When this delivery was first tried'),
    data: z.object({
      webhook: z.object({ id: z.string(), name: z.string() }),
      server: z.string().describe('The server that sends'),
      position: LeaseEventPosition.describe('Whoever accepts this has been told everything of this server up to here'),
      events: z.array(LeaseEvent).describe('The oldest first'),
    }),
  })
  .meta({ id: 'WebhookMessage' })
export type WebhookMessage = z.infer<typeof WebhookMessage>

const params = z.object({ id: z.string().min(1).max(100) })

export const listWebhooks = defineRoute({
  method: 'GET',
  path: '/webhooks',
  permission: 'webhooks.manage',
  summary: 'All webhooks, and how far this server is with each',
  answer: WebhookList,
})

export const createWebhook = defineRoute({
  method: 'POST',
  path: '/webhooks',
  permission: 'webhooks.manage',
  summary: 'Have lease events sent to a URL',
  description:
    'Both servers of the pair send what they do themselves, each in the order of its commits, one delivery at a time, until it is accepted ' +
    'with a status of 200 to 299: at least once, and after an outage of either side from where it was. A delivery is signed as Standard ' +
    'Webhooks has it (`webhook-id`, `webhook-timestamp`, `webhook-signature`).',
  body: NewWebhookWish,
  answer: NewWebhook,
  answerStatus: 201,
  secretAnswer: true,
})

export const removeWebhook = defineRoute({
  method: 'DELETE',
  path: '/webhooks/:id',
  permission: 'webhooks.manage',
  summary: 'Send no more to this webhook, from either server',
  params,
})

export const testWebhook = defineRoute({
  method: 'POST',
  path: '/webhooks/:id/test',
  permission: 'webhooks.manage',
  summary: 'Send a delivery without events now, and say what came of it',
  params,
  answer: WebhookTest,
})

export const beginWebhook = defineRoute({
  method: 'POST',
  path: '/webhooks/:id/begin',
  permission: 'webhooks.manage',
  summary: 'Deliver from another position on, also where it was stopped; by this server',
  params,
  body: WebhookStart,
  answer: Webhook,
})
