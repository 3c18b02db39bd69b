/** Warns before a session ends, and lets it last longer without leaving the page (WCAG 2.2, 2.2.1). */
import type { Session } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { fieldError } from '../../features/show-answer/field-error.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/clock.ts'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'

const WARNING_MS = 600_000

export function SessionEndBanner({ session }: { readonly session: Session }) {
  const now = useNow()
  const [isAsking, setIsAsking] = useState(false)
  const { expiresAt } = session
  if (expiresAt === null || Date.parse(expiresAt) - now > WARNING_MS) return null
  return (
    <div className="stale-banner">
      <Icon name="waiting" />
      <span>
        <strong role="status">Your session ends soon:</strong> <Moment at={expiresAt} show="until-and-clock" />
      </span>
      <Button size="small" onPress={() => setIsAsking(true)}>
        Stay signed in…
      </Button>
      {isAsking && <StayDialog name={session.operator.name} close={() => setIsAsking(false)} />}
    </div>
  )
}

function StayDialog({ name, close }: { readonly name: string; readonly close: () => void }) {
  const cache = useQueryClient()
  const [password, setPassword] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.extendSession({ body: { password } }),
    onSuccess: (session: Session) => {
      cache.setQueryData(queryKeys.session, session)
      void cache.invalidateQueries({ queryKey: queryKeys.ownSessions })
      close()
    },
  })
  const wrong = fieldError(error, 'body.password')
  return (
    <ActDialog
      title="Stay signed in?"
      act="Stay for twelve hours"
      acting="Asking…"
      isPending={isPending}
      ready={password !== ''}
      error={wrong === undefined ? error : null}
      submit={() => mutate()}
      close={close}
    >
      <input type="hidden" name="username" autoComplete="username" value={name} />
      <TextField
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={wrong}
      />
    </ActDialog>
  )
}
