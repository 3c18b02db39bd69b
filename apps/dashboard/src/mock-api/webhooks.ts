/** Webhooks of the mock: one in step, one whose receiver is away, one whose receiver is gone. */
import { routes } from '@tandem/api-contract'
import type { NewWebhook, Webhook, WebhookDelivery } from '@tandem/api-contract'
import { secondsAgo } from './times.ts'

export class WebhookBook {
  all: readonly Webhook[]
  #next = 0

  constructor(isEmpty: boolean) {
    this.all = isEmpty
      ? []
      : [
          this.#webhook({ name: 'routes of the core', kinds: ['prefix'], events: ['assigned', 'ended'] }),
          this.#webhook(
            { name: 'inventory', url: 'https://inventory.example.net/hooks/dhcp' },
            {
              state: 'trying-again',
              failures: 4,
              problem: 'it answered 503',
              nextAttemptAt: secondsAgo(-6),
              deliveredAt: secondsAgo(31),
            },
          ),
          this.#webhook(
            { name: 'old firewall', url: 'https://fw.example.net/', subnets: ['2001:db8:1::/64'] },
            { state: 'stopped', problem: 'it answered 410: the receiver is gone', deliveredAt: secondsAgo(90_000) },
          ),
        ]
  }

  find(id: string | undefined): Webhook | undefined {
    return this.all.find((each) => each.id === id)
  }

  make(body: unknown): NewWebhook {
    const { name, url, subnets, kinds, events, certificateAuthority } = routes.createWebhook.body.parse(body)
    const hasOwnAuthority = certificateAuthority !== null
    const made = this.#webhook(
      { name, url, subnets, kinds, events, hasOwnAuthority, createdAt: secondsAgo(0) },
      { deliveredAt: null },
    )
    this.all = [...this.all, made]
    return { ...made, secret: `whsec_${'0123456789abcdef'.repeat(2)}mock` }
  }

  begin(webhook: Webhook): Webhook {
    const delivery: WebhookDelivery = { ...webhook.delivery, state: 'in-step', failures: 0, problem: null }
    const begun = { ...webhook, delivery }
    this.all = this.all.map((each) => (each.id === webhook.id ? begun : each))
    return begun
  }

  #webhook(more: Partial<Webhook>, delivery: Partial<WebhookDelivery> = {}): Webhook {
    this.#next += 1
    return {
      id: `webhook-${this.#next}`,
      name: 'routes',
      url: 'https://routes.example.net/tandem',
      subnets: [],
      kinds: [],
      events: [],
      hasOwnAuthority: false,
      createdBy: 'ada',
      createdAt: secondsAgo(3_000_000),
      ...more,
      delivery: {
        server: 'alpha',
        state: 'in-step',
        position: '1f0c22ab-9068810',
        deliveredAt: secondsAgo(2),
        failures: 0,
        problem: null,
        nextAttemptAt: null,
        ...delivery,
      },
    }
  }
}
