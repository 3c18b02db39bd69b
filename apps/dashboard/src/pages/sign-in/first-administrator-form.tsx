/** The one-time set-up: the token stands in the server's log, so whoever reads it runs the server. */
import { failureOf, OperatorName, Password } from '@tandem/api-contract'
import type { Session } from '@tandem/api-contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { api } from '../../api/api.ts'
import { queryKeys } from '../../api/queries.ts'
import { FailureNotice } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

const PASSWORD_HINT = 'At least 12 characters; a password manager may fill it in.'

export function FirstAdministratorForm({ serverName }: { readonly serverName: string }) {
  const cache = useQueryClient()
  const [token, setToken] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [asked, setAsked] = useState(false)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.setUp({ body: { token, name, password } }),
    onSuccess: (session: Session) => {
      cache.setQueryData(queryKeys.session, session)
      void cache.invalidateQueries({ queryKey: queryKeys.setup })
    },
  })
  const nameIs = OperatorName.safeParse(name)
  const passwordIs = Password.safeParse(password)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (nameIs.success && passwordIs.success) mutate()
  }
  return (
    <form className="door-form" onSubmit={submit} noValidate>
      <p>
        Nobody can sign in to <strong>{serverName}</strong> yet. Make the first administrator with the one-time token
        that the server wrote to its log when it started.
      </p>
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      <TextField
        label="One-time token"
        name="token"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        value={token}
        onChange={(event) => setToken(event.target.value)}
        error={asked && token.trim() === '' ? 'Copy it from the log.' : undefined}
      />
      <TextField
        label="Your name here"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={asked && !nameIs.success ? nameIs.error.issues[0]?.message : undefined}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={PASSWORD_HINT}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={asked && !passwordIs.success ? 'Too short.' : undefined}
      />
      <Button type="submit" look="primary" isDisabled={isPending}>
        {isPending ? 'Setting up…' : 'Make the administrator and sign in'}
      </Button>
    </form>
  )
}
