/** A new webhook: to whom, which events, from when on; then its secret, once. */
import { leaseEventNames } from '@tandem/api-contract'
import type { LeaseEventName, LeaseKind, NewWebhook } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

const kindChoices = [
  { value: '', word: 'Addresses and prefixes' },
  { value: 'prefix', word: 'Prefixes only' },
  { value: 'address', word: 'Addresses only' },
] as const

const beginChoices = [
  { value: 'present', word: 'From now on' },
  { value: 'oldest', word: 'With all events that are still kept' },
] as const

const eventWords: Readonly<Record<LeaseEventName, string>> = {
  assigned: 'Assigned',
  renewed: 'Renewed',
  ended: 'Ended',
}

export function NewWebhookDialog({ close }: { readonly close: () => void }) {
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('https://')
  const [kind, setKind] = useState('')
  const [subnets, setSubnets] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<LeaseEventName>>(new Set(leaseEventNames))
  const [begin, setBegin] = useState<string>('present')
  /** Undefined: the public authorities. */
  const [authority, setAuthority] = useState<string | undefined>()
  const [asked, setAsked] = useState(false)
  const events = leaseEventNames.filter((event) => chosen.has(event))
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () =>
      api.createWebhook({
        body: {
          name,
          url,
          subnets: subnets.split(/[\s,]+/u).filter((subnet) => subnet !== ''),
          kinds: kind === '' ? [] : [kind as LeaseKind],
          events: events.length === leaseEventNames.length ? [] : events,
          begin: begin === 'oldest' ? 'oldest' : 'present',
          certificateAuthority: authority === undefined || authority.trim() === '' ? null : authority,
        },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: queryKeys.webhooks }),
  })
  if (data !== undefined) return <WebhookMade webhook={data} close={close} />
  const isNamed = name.trim() !== ''
  const submit = (): void => {
    setAsked(true)
    if (isNamed && events.length > 0) mutate()
  }
  const toggle = (event: LeaseEventName, isChosen: boolean): void => {
    const next = new Set(chosen)
    if (isChosen) next.add(event)
    else next.delete(event)
    setChosen(next)
  }
  return (
    <ActDialog
      title="Make a webhook"
      act="Make the webhook"
      acting="Making…"
      isPending={isPending}
      error={error}
      submit={submit}
      close={close}
    >
      <TextField
        label="Who receives them"
        placeholder="routes of the core"
        autoComplete="off"
        maxLength={100}
        autoFocus
        value={name}
        onChange={(change) => setName(change.target.value)}
        error={asked && !isNamed ? 'Say it, so that others know what breaks when they remove it.' : undefined}
      />
      <TextField
        label="URL"
        hint="https, or http to this host itself. Redirects are not followed."
        autoComplete="off"
        maxLength={1000}
        value={url}
        onChange={(change) => setUrl(change.target.value)}
      />
      <SelectField
        label="Of what"
        choices={kindChoices}
        value={kind}
        onChange={(change) => setKind(change.target.value)}
      />
      <fieldset className="scope-choice">
        <legend>When it is</legend>
        {leaseEventNames.map((event) => (
          <CheckField key={event} checked={chosen.has(event)} change={(isChosen) => toggle(event, isChosen)}>
            {eventWords[event]}
          </CheckField>
        ))}
        {asked && events.length === 0 && <p className="field-error">Choose at least one.</p>}
      </fieldset>
      <TextField
        label="Only of these subnets"
        hint="Their ids, with commas between them; empty: of all."
        autoComplete="off"
        value={subnets}
        onChange={(change) => setSubnets(change.target.value)}
      />
      <SelectField
        label="Begins"
        choices={beginChoices}
        value={begin}
        onChange={(change) => setBegin(change.target.value)}
      />
      <CheckField checked={authority !== undefined} change={(own) => setAuthority(own ? '' : undefined)}>
        Its certificate is signed by an authority of our own
      </CheckField>
      {authority !== undefined && (
        <TextArea
          label="Certificate of that authority (PEM)"
          rows={3}
          spellCheck={false}
          value={authority}
          onChange={(change) => setAuthority(change.target.value)}
        />
      )}
    </ActDialog>
  )
}

function WebhookMade({ webhook, close }: { readonly webhook: NewWebhook; readonly close: () => void }) {
  return (
    <AlertDialog title={`Secret of the webhook for ${webhook.name}`} close={close}>
      <div className="dialog-body">
        <Notice tone="degraded" icon="key">
          <p>Copy it now: it is not shown again. The receiver checks with it that a delivery is from these servers.</p>
        </Notice>
        <div className="secret">
          <code>{webhook.secret}</code>
          <CopyButton text={webhook.secret} what="the secret" />
        </div>
        <p className="muted small">
          Signatures are those of Standard Webhooks: any library for it can check them, with this secret as it stands.
        </p>
      </div>
      <div className="dialog-acts">
        <Button look="primary" autoFocus onPress={close}>
          I have copied it
        </Button>
      </div>
    </AlertDialog>
  )
}
