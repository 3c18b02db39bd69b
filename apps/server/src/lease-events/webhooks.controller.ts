/** Webhooks: made, listed without their secrets, tried, begun anew, removed. */
import { X509Certificate } from 'node:crypto'
import { Controller, Inject } from '@nestjs/common'
import {
  beginWebhook,
  createWebhook,
  listWebhooks,
  removeWebhook,
  testWebhook,
  WEBHOOKS_MAX,
} from '@tandem/api-contract'
import type { NewWebhook, Webhook, WebhookList, WebhookTest } from '@tandem/api-contract'
import { HttpProblem } from '../http/http-problem.ts'
import { CONSOLE_DATABASE } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import type { RouteInput } from '../http/route.decorator.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { readEventBounds } from '../storage/lease-events.queries.ts'
import type { EventBounds, EventPlace } from '../storage/lease-events.queries.ts'
import { auditWebhookBegin, deleteWebhook, insertWebhook } from '../storage/webhooks.queries.ts'
import { keptPlaceOf, oldestPlace, presentPlace } from './event-start.ts'
import { WebhookDeliveries } from './webhook-deliveries.ts'
import type { WebhookRunner } from './webhook-runner.ts'
import { toWebhookView } from './webhook.view.ts'

@Controller()
export class WebhooksController {
  constructor(
    @Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase,
    @Inject(WebhookDeliveries) private readonly deliveries: WebhookDeliveries,
  ) {}

  @Route(listWebhooks)
  async list(): Promise<WebhookList> {
    return { items: (await this.deliveries.runners()).map(toWebhookView) }
  }

  @Route(createWebhook)
  async create({ body, principal }: RouteInput<typeof createWebhook>): Promise<NewWebhook> {
    const { begin, certificateAuthority, ...wish } = body
    if (certificateAuthority !== null) insistOnCertificate(certificateAuthority)
    const by = { operator: principal.name, detail: '', nowMs: Date.now() }
    const made = { ...wish, certificateAuthority, beginsWithOldest: begin === 'oldest' }
    const row = await insertWebhook(this.database, made, by, WEBHOOKS_MAX)
    if (row === undefined) {
      throw new HttpProblem('invalid-request', {
        detail: `There are ${WEBHOOKS_MAX} webhooks, as many as there may be.`,
        remedy: 'Remove one, or let one receiver pass the events on.',
        fields: [{ field: 'body', message: 'is one too many' }],
      })
    }
    return { ...toWebhookView(await this.runnerOf(row.id)), secret: row.secret }
  }

  @Route(removeWebhook)
  async remove({ params, principal }: RouteInput<typeof removeWebhook>): Promise<undefined> {
    const name = await deleteWebhook(this.database, params.id, {
      operator: principal.name,
      detail: '',
      nowMs: Date.now(),
    })
    if (name === undefined) throw noSuchWebhook()
    // Stopped after it is gone, or the next look would begin it again.
    await this.deliveries.runners()
    return undefined
  }

  @Route(testWebhook)
  async test({ params }: RouteInput<typeof testWebhook>): Promise<WebhookTest> {
    return (await this.runnerOf(params.id)).test()
  }

  @Route(beginWebhook)
  async begin({ params, body, principal }: RouteInput<typeof beginWebhook>): Promise<Webhook> {
    const runner = await this.runnerOf(params.id)
    const bounds = await readEventBounds(this.database)
    const place = placeToBegin(body.begin, bounds)
    const detail = `on this server with ${body.begin}`
    await auditWebhookBegin(this.database, runner.webhook.name, { operator: principal.name, detail, nowMs: Date.now() })
    await runner.begin({ origin: bounds.origin, ...place })
    return toWebhookView(runner)
  }

  private async runnerOf(id: string): Promise<WebhookRunner> {
    const runner = await this.deliveries.find(id)
    if (runner === undefined) throw noSuchWebhook()
    return runner
  }
}

function placeToBegin(begin: string, bounds: EventBounds): EventPlace {
  if (begin === 'present') return presentPlace(bounds)
  if (begin === 'oldest') return oldestPlace(bounds)
  const remedy = 'Begin with oldest, or with present after the receiver has read the list of leases.'
  return keptPlaceOf(begin, bounds, { field: 'body.begin', remedy })
}

function noSuchWebhook(): HttpProblem {
  return new HttpProblem('not-found', {
    detail: 'There is no webhook with this id.',
    remedy: 'GET /api/v1/webhooks lists those that there are.',
    fields: [{ field: 'params.id', message: 'names no webhook' }],
  })
}

function insistOnCertificate(pem: string): void {
  try {
    void new X509Certificate(pem)
  } catch {
    throw new HttpProblem('invalid-request', {
      detail: 'body.certificateAuthority: is no certificate',
      remedy: 'Send the text of the PEM file, from -----BEGIN CERTIFICATE----- on.',
      fields: [{ field: 'body.certificateAuthority', message: 'is no certificate in PEM' }],
    })
  }
}
