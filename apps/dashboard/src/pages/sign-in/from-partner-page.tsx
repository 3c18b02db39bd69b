/**
 * Who comes from the partner's console is signed in here by a code. A person presses for it: a page elsewhere could open this
 * one with a code of its own, and whoever does not notice would work in an account that is not his.
 */
import { failureOf } from '@tandem/api-contract'
import type { Session } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, Navigate, useLocation, useNavigate } from 'react-router'
import { api } from '../../api/api.ts'
import { queryKeys, sessionQuery, setupQuery } from '../../api/queries.ts'
import { Answer, FailureNotice } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { usePageTitle } from '../../ui/page.tsx'
import { ThemeChoice } from '../../ui/theme-choice.tsx'
import { codeInAddress } from './code-in-address.ts'
import type { CodeInAddress } from './code-in-address.ts'
import '../../ui/door.css'

export function FromPartnerPage() {
  const { hash } = useLocation()
  const navigate = useNavigate()
  const [code] = useState(() => codeInAddress(hash))
  const setup = useQuery(setupQuery)
  const session = useQuery(sessionQuery)
  const name = setup.data?.serverName
  usePageTitle(name === undefined ? 'Sign in' : `Sign in to ${name}`)
  useEffect(() => {
    // Neither in the history nor in what somebody copies from the address bar.
    if (hash !== '') void navigate({ hash: '' }, { replace: true })
  }, [hash, navigate])
  if (session.data) return <Navigate to={paths.overview()} replace />
  if (code === undefined) return <Navigate to={paths.signIn()} replace />
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
          {({ serverName }) => <UseCode serverName={serverName} code={code} />}
        </Answer>
      </div>
      <ThemeChoice />
    </main>
  )
}

function UseCode({ serverName, code }: { readonly serverName: string; readonly code: CodeInAddress }) {
  const cache = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.signInFromPartner({ body: code }),
    onSuccess: (session: Session) => cache.setQueryData(queryKeys.session, session),
  })
  if (error !== null) {
    return (
      <div className="door-form">
        <FailureNotice failure={failureOf(error)} />
        <Link className="button button-primary" to={paths.signIn()}>
          Sign in with your password
        </Link>
      </div>
    )
  }
  return (
    <div className="door-form">
      <p>
        You come from the console of the partner. Go on as the operator who is signed in there, if it was you who opened
        this page from it.
      </p>
      <Button look="primary" isDisabled={isPending} onPress={() => mutate()} autoFocus>
        {isPending ? 'Signing in…' : `Go on to ${serverName}`}
      </Button>
      <Link to={paths.signIn()}>Sign in with your password instead</Link>
    </div>
  )
}
