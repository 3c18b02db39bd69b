/** How deliveries to webhooks go, as metrics. */
import type { Registry } from 'prom-client'
import { defineCounter, defineGauge } from './define-metric.ts'

export interface WebhookFigures {
  readonly name: string
  readonly accepted: number
  readonly refused: number
  readonly events: number
  /** Since the last one that was accepted. */
  readonly failures: number
}

export type ReadWebhooks = () => readonly WebhookFigures[]

export function registerWebhookMetrics(registry: Registry, read: ReadWebhooks): void {
  defineCounter(
    registry,
    {
      name: 'tandem_webhook_deliveries_total',
      help: 'Deliveries to a webhook by what became of them: accepted, or refused and sent again.',
      labels: ['webhook', 'outcome'],
    },
    () =>
      read().flatMap(({ name, accepted, refused }) => [
        { labels: { webhook: name, outcome: 'accepted' }, value: accepted },
        { labels: { webhook: name, outcome: 'refused' }, value: refused },
      ]),
  )
  defineCounter(
    registry,
    {
      name: 'tandem_webhook_events_total',
      help: 'Lease events that a webhook has accepted.',
      labels: ['webhook'],
    },
    () => read().map(({ name, events }) => ({ labels: { webhook: name }, value: events })),
  )
  defineGauge(
    registry,
    {
      name: 'tandem_webhook_failures',
      help: 'Deliveries that failed since the last one that was accepted; 0: all is well.',
      labels: ['webhook'],
    },
    () => read().map(({ name, failures }) => ({ labels: { webhook: name }, value: failures })),
  )
}
