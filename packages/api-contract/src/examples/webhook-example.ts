/** A webhook of a route injector, and what it is sent. */
import type { Webhook, WebhookDelivery, WebhookMessage } from '../resources/webhooks.ts'
import { leaseEventExample } from './lease-example.ts'

export const webhookExample: Webhook = {
  id: '5d8f2c1a-7b46-4a0e-9c3d-1e2f3a4b5c6d',
  name: 'routes of the core',
  url: 'https://routes.example.net/tandem',
  subnets: [],
  kinds: ['prefix'],
  events: ['assigned', 'ended'],
  hasOwnAuthority: false,
  createdBy: 'ada',
  createdAt: '2026-11-27T02:40:00.000Z',
  delivery: {
    server: 'alpha',
    state: 'in-step',
    position: leaseEventExample.id,
    deliveredAt: '2026-11-27T03:01:05.500Z',
    failures: 0,
    problem: null,
    nextAttemptAt: null,
  },
}

export const webhookNotBegunExample: WebhookDelivery = {
  server: 'alpha',
  state: 'not-begun',
  position: null,
  deliveredAt: null,
  failures: 0,
  problem: null,
  nextAttemptAt: null,
}

export const webhookMessageExample: WebhookMessage = {
  type: 'lease-events',
  timestamp: '2026-11-27T03:01:05.450Z',
  data: {
    webhook: { id: webhookExample.id, name: webhookExample.name },
    server: 'alpha',
    position: leaseEventExample.id,
    events: [leaseEventExample],
  },
}
