/** A new API token: for what, how far it reaches, how long it is good; then its secret, once. */
import type { NewApiToken, ScopePermission } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { AlertDialog } from '../../ui/alert-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/clock.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { roleChoices, roleOf } from './role-choices.ts'
import { scopeOf, scopeWords } from './scope-words.ts'
import { tokenEndAt, tokenEnds } from './token-end.ts'

export function NewTokenDialog({ close }: { readonly close: () => void }) {
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [roleText, setRoleText] = useState('viewer')
  const [limit, setLimit] = useState<ReadonlySet<ScopePermission> | undefined>()
  const [days, setDays] = useState<string>(tokenEnds[1].value)
  const [asked, setAsked] = useState(false)
  const now = useNow()
  const role = roleOf(roleText)
  const offered = scopeOf(role)
  const scope = limit === undefined ? null : offered.filter((permission) => limit.has(permission))
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => api.createApiToken({ body: { name, role, scope, expiresAt: tokenEndAt(days, now) } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: queryKeys.apiTokens }),
  })
  if (data !== undefined) return <TokenMade token={data} close={close} />
  const isNamed = name.trim() !== ''
  const isSome = scope === null || scope.length > 0
  const submit = (): void => {
    setAsked(true)
    if (isNamed && isSome) mutate()
  }
  const toggle = (permission: ScopePermission, chosen: boolean): void => {
    const next = new Set(limit)
    if (chosen) next.add(permission)
    else next.delete(permission)
    setLimit(next)
  }
  return (
    <ActDialog
      title="Make an API token"
      act="Make the token"
      acting="Making…"
      isPending={isPending}
      error={error}
      submit={submit}
      close={close}
    >
      <TextField
        label="What it is for"
        placeholder="monitoring"
        autoComplete="off"
        maxLength={100}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={asked && !isNamed ? 'Say it, so that others know what breaks when they revoke it.' : undefined}
      />
      <SelectField
        label="Role"
        choices={roleChoices}
        value={roleText}
        onChange={(event) => setRoleText(event.target.value)}
      />
      <CheckField
        checked={limit !== undefined}
        change={(limited) => setLimit(limited ? new Set<ScopePermission>() : undefined)}
      >
        Only for some of what this role may do
      </CheckField>
      {limit !== undefined && (
        <fieldset className="scope-choice">
          <legend>It may</legend>
          {offered.map((permission) => (
            <CheckField
              key={permission}
              checked={limit.has(permission)}
              change={(chosen) => toggle(permission, chosen)}
            >
              {scopeWords[permission]}
            </CheckField>
          ))}
          {asked && !isSome && <p className="field-error">Choose at least one.</p>}
        </fieldset>
      )}
      <SelectField
        label="Good for"
        choices={tokenEnds}
        value={days}
        onChange={(event) => setDays(event.target.value)}
      />
    </ActDialog>
  )
}

function TokenMade({ token, close }: { readonly token: NewApiToken; readonly close: () => void }) {
  return (
    <AlertDialog title={`Token for ${token.name}`} close={close}>
      <div className="dialog-body">
        <Notice tone="degraded" icon="key">
          <p>Copy it now: it is not shown again. Whoever has it may do what it may.</p>
        </Notice>
        <div className="secret">
          <code>{token.token}</code>
          <CopyButton text={token.token} what="the token" />
        </div>
        <p className="muted small">
          Programs send it as <code>Authorization: Bearer …</code>
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
