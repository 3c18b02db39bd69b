/** How far the server is with a webhook: state, last acceptance, why not, and when it is tried again. */
import type { WebhookDelivery } from '@tandem/api-contract'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { webhookStateWords } from './webhook-words.ts'

export function WebhookProgress({ of: delivery }: { readonly of: WebhookDelivery }) {
  const { state, deliveredAt, problem, failures, nextAttemptAt } = delivery
  const { word, tone } = webhookStateWords[state]
  return (
    <span>
      <Badge tone={tone}>{word}</Badge>
      {problem !== null && (
        <span className="fact-why">
          {failures > 1 ? `${failures} times: ` : ''}
          {problem}
        </span>
      )}
      {nextAttemptAt !== null && (
        <span className="fact-why">
          next try <Moment at={nextAttemptAt} show="until" />
        </span>
      )}
      <span className="fact-why">
        {deliveredAt === null ? (
          'nothing was accepted yet'
        ) : (
          <>
            last accepted <Moment at={deliveredAt} show="ago" />
          </>
        )}
      </span>
    </span>
  )
}
