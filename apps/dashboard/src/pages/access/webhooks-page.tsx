/** Where the servers send their lease events, and how far each is. */
import type { Session, Webhook } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import { api } from '../../api/api.ts'
import { webhooksQuery } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Moment } from '../../ui/moment.tsx'
import { AccessPage } from './access-page.tsx'
import { NewWebhookDialog } from './new-webhook-dialog.tsx'
import { SharingNotices } from './sharing-notices.tsx'
import { WebhookProgress } from './webhook-progress.tsx'
import { sendsWords } from './webhook-words.ts'

export function WebhooksPage() {
  const webhooks = useQuery(webhooksQuery)
  const { serverName } = useOutletContext<Session>()
  const [isMaking, setIsMaking] = useState(false)
  const [removing, setRemoving] = useState<Webhook | undefined>()
  const make = (
    <Button look="primary" onPress={() => setIsMaking(true)}>
      Make a webhook…
    </Button>
  )
  return (
    <AccessPage
      title="Webhooks"
      lead={`Lease events for route injectors and inventories; how far ${serverName} is with each`}
      acts={webhooks.data !== undefined && make}
    >
      <SharingNotices />
      <div className="card">
        <Answer to={webhooks} what="the webhooks">
          {(all) =>
            all.length === 0 ? (
              <Empty icon="key" title="Nobody is sent lease events">
                <p>
                  A webhook has each address and prefix that is assigned, renewed or ended sent to a URL, signed and in
                  order, by both servers.
                </p>
              </Empty>
            ) : (
              <WebhooksTable webhooks={all} remove={setRemoving} />
            )
          }
        </Answer>
      </div>
      {isMaking && <NewWebhookDialog close={() => setIsMaking(false)} />}
      {removing !== undefined && <RemoveDialog of={removing} close={() => setRemoving(undefined)} />}
    </AccessPage>
  )
}

interface WebhooksTableProps {
  readonly webhooks: readonly Webhook[]
  readonly remove: (webhook: Webhook) => void
}

function WebhooksTable({ webhooks, remove }: WebhooksTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="Webhooks" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Is sent</th>
            <th scope="col">State</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="only-heard">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => (
            <tr key={webhook.id}>
              <th scope="row">
                {webhook.name}
                <span className="fact-why breaks">{webhook.url}</span>
              </th>
              <td data-name="Is sent">{sendsWords(webhook)}</td>
              <td data-name="State">
                <WebhookProgress of={webhook.delivery} />
              </td>
              <td data-name="Made">
                <span>
                  <Moment at={webhook.createdAt} show="ago" />
                  <span className="fact-why">by {webhook.createdBy}</span>
                </span>
              </td>
              <td className="acts">
                <WebhookActs of={webhook} remove={remove} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function WebhookActs({ of: webhook, remove }: { readonly of: Webhook; readonly remove: (webhook: Webhook) => void }) {
  const cache = useQueryClient()
  const params = { id: webhook.id }
  const test = useMutation({ mutationFn: () => api.testWebhook({ params }) })
  const begin = useMutation({
    mutationFn: () => api.beginWebhook({ params, body: { begin: webhook.delivery.position ?? 'present' } }),
    onSettled: () => cache.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  })
  const failed = test.error ?? begin.error
  return (
    <span className="acts-row webhook-acts">
      <Button size="small" aria-label={`Try ${webhook.name}`} isDisabled={test.isPending} onPress={() => test.mutate()}>
        {test.isPending ? 'Trying…' : 'Try'}
      </Button>
      {webhook.delivery.state === 'stopped' && (
        <Button
          size="small"
          aria-label={`Send again to ${webhook.name}`}
          isDisabled={begin.isPending}
          onPress={() => begin.mutate()}
        >
          Send again
        </Button>
      )}
      <Button
        size="small"
        look="danger-quiet"
        aria-label={`Remove the webhook for ${webhook.name}`}
        onPress={() => remove(webhook)}
      >
        Remove…
      </Button>
      <span role="status" className="fact-why">
        {test.data !== undefined &&
          (test.data.accepted
            ? `Accepted with ${test.data.status ?? ''} after ${test.data.tookMs} ms`
            : `Not accepted: ${test.data.problem ?? ''}`)}
        {failed !== null && `Not done: ${failed.message}`}
      </span>
    </span>
  )
}

function RemoveDialog({ of: webhook, close }: { readonly of: Webhook; readonly close: () => void }) {
  const cache = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.removeWebhook({ params: { id: webhook.id } }),
    onSuccess: close,
    onSettled: () => cache.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  })
  return (
    <ActDialog
      title={`Remove the webhook for ${webhook.name}?`}
      isDanger
      act="Remove for good"
      acting="Removing…"
      isPending={isPending}
      error={error}
      submit={() => mutate()}
      close={close}
    >
      <p>
        Neither server sends lease events to <span className="breaks">{webhook.url}</span> any more. What was not
        delivered yet is not delivered at all; its receiver can still read the events over the API as long as they are
        kept.
      </p>
    </ActDialog>
  )
}
