/** A webhook as it is shown, without its secret. */
import { LeaseEventName, LeaseKind } from '@tandem/api-contract'
import type { Webhook } from '@tandem/api-contract'
import * as z from 'zod'
import { isoOf } from '../http/view-values.ts'
import { filterOf } from './webhook-batch.ts'
import type { WebhookRunner } from './webhook-runner.ts'

export function toWebhookView(runner: WebhookRunner): Webhook {
  const { webhook } = runner
  const { subnets, kinds, events } = filterOf(webhook)
  return {
    id: webhook.id,
    name: webhook.name,
    url: webhook.url,
    subnets: [...subnets],
    kinds: z.array(LeaseKind).parse(kinds),
    events: z.array(LeaseEventName).parse(events),
    hasOwnAuthority: webhook.certificateAuthority !== null,
    createdBy: webhook.createdBy,
    createdAt: isoOf(Number(webhook.createdAt)),
    delivery: runner.view(),
  }
}
