/** Signing in; on a server without operators, making the first administrator. */
import { failureOf } from '@tandem/api-contract'
import type { Session } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { api } from '../../api/api.ts'
import { queryKeys, sessionQuery, setupQuery } from '../../api/queries.ts'
import { Answer, FailureNotice } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Logo } from '../../ui/logo.tsx'
import { usePageTitle } from '../../ui/page.tsx'
import { ThemeChoice } from '../../ui/theme-choice.tsx'
import { FirstAdministratorForm } from './first-administrator-form.tsx'
import { placeAfterSignIn } from './place-after-sign-in.ts'
import '../../ui/door.css'

export function SignInPage() {
  const setup = useQuery(setupQuery)
  const session = useQuery(sessionQuery)
  const [search] = useSearchParams()
  const name = setup.data?.serverName
  usePageTitle(name === undefined ? 'Sign in' : `Sign in to ${name}`)
  if (session.data) return <Navigate to={placeAfterSignIn(search.get('to'))} replace />
  return (
    <main className="door">
      <div className="door-card">
        <div className="door-brand">
          <Logo />
          <div>
            <h1>{name === undefined ? 'Tandem' : `Tandem ${name}`}</h1>
            <p className="muted small">DHCPv6 with failover</p>
          </div>
        </div>
        <Answer to={setup} what="the sign-in page">
          {({ required, serverName }) =>
            required ? <FirstAdministratorForm serverName={serverName} /> : <SignInForm serverName={serverName} />
          }
        </Answer>
      </div>
      <ThemeChoice />
    </main>
  )
}

function SignInForm({ serverName }: { readonly serverName: string }) {
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.signIn({ body: { name, password } }),
    onSuccess: (session: Session) => cache.setQueryData(queryKeys.session, session),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    mutate()
  }
  return (
    <form className="door-form" onSubmit={submit}>
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      <TextField
        label="Name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" look="primary" isDisabled={isPending}>
        {isPending ? 'Signing in…' : `Sign in to ${serverName}`}
      </Button>
    </form>
  )
}
