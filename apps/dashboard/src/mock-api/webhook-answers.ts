/** What the mock answers on webhooks. */
import type { Webhook } from '@tandem/api-contract'
import type { Answers, Call } from './handlers.ts'
import { refuse } from './refused.ts'
import type { MockWorld } from './world.ts'

type WebhookRoute = 'listWebhooks' | 'createWebhook' | 'removeWebhook' | 'testWebhook' | 'beginWebhook'

export function webhookAnswers({ accounts }: MockWorld): Pick<Answers, WebhookRoute> {
  const book = accounts.webhooks
  const webhookOf = ({ id }: Call['params']): Webhook =>
    book.find(id) ?? refuse(404, 'not-found', 'There is no webhook with this id.', 'See the list.')
  return {
    listWebhooks: () => ({ items: book.all }),
    createWebhook: ({ body }) => book.make(body),
    removeWebhook: ({ params }) => {
      const { id } = webhookOf(params)
      book.all = book.all.filter((each) => each.id !== id)
    },
    testWebhook: ({ params }) =>
      webhookOf(params).delivery.state === 'in-step'
        ? { accepted: true, status: 204, tookMs: 12, problem: null }
        : { accepted: false, status: 503, tookMs: 41, problem: 'it answered 503' },
    beginWebhook: ({ params }) => book.begin(webhookOf(params)),
  }
}
