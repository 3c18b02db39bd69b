/** One's own password: the present one, and the new one twice, since nobody sees what is typed. */
import { Password } from '@tandem/api-contract'
import type { Session } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { failureOf } from '@tandem/api-contract'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { FailureNotice } from '../show-answer/answer.tsx'
import { fieldError } from '../show-answer/field-error.ts'

export interface ChangePasswordFormProps {
  /** For the password manager. */
  readonly name: string
  readonly act: string
  readonly done?: () => void
}

const empty = { current: '', wanted: '', again: '' }

export function ChangePasswordForm({ name, act, done }: ChangePasswordFormProps) {
  const cache = useQueryClient()
  const [typed, setTyped] = useState(empty)
  const [asked, setAsked] = useState(false)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.changeOwnPassword({ body: { currentPassword: typed.current, newPassword: typed.wanted } }),
    onSuccess: (session: Session) => {
      cache.setQueryData(queryKeys.session, session)
      void cache.invalidateQueries({ queryKey: queryKeys.ownSessions })
      setTyped(empty)
      setAsked(false)
      done?.()
    },
  })
  const isLong = Password.safeParse(typed.wanted).success
  const isSame = typed.wanted === typed.again
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (isLong && isSame && typed.current !== '') mutate()
  }
  const change = (part: Partial<typeof empty>): void => setTyped({ ...typed, ...part })
  const problem = fieldError(error, 'body.currentPassword') ?? fieldError(error, 'body.newPassword')
  return (
    <form className="password-form" onSubmit={submit} noValidate>
      <input type="hidden" name="username" autoComplete="username" value={name} />
      {error !== null && problem === undefined && <FailureNotice failure={failureOf(error)} />}
      <TextField
        label="Present password"
        name="current-password"
        type="password"
        autoComplete="current-password"
        required
        value={typed.current}
        onChange={(event) => change({ current: event.target.value })}
        error={
          asked && typed.current === '' ? 'Write the one that you have.' : fieldError(error, 'body.currentPassword')
        }
      />
      <TextField
        label="New password"
        name="new-password"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters; a password manager may make one."
        required
        value={typed.wanted}
        onChange={(event) => change({ wanted: event.target.value })}
        error={asked && !isLong ? 'Too short.' : fieldError(error, 'body.newPassword')}
      />
      <TextField
        label="New password again"
        name="new-password-again"
        type="password"
        autoComplete="new-password"
        required
        value={typed.again}
        onChange={(event) => change({ again: event.target.value })}
        error={asked && !isSame ? 'Not the same as above.' : undefined}
      />
      <Button type="submit" look="primary" isDisabled={isPending}>
        {isPending ? 'Changing…' : act}
      </Button>
    </form>
  )
}
