/** Who is signed in, and from where. */
import type { SessionEntry } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { sessionsQuery } from '../../api/queries.ts'
import { browserWords } from '../../components/browser-words.ts'
import { SessionsTable } from '../../components/sessions-table.tsx'
import { ActDialog } from '../../features/act-dialog/act-dialog.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { AccessPage } from './access-page.tsx'

export function SessionsPage() {
  const sessions = useQuery(sessionsQuery)
  const [ending, setEnding] = useState<SessionEntry | undefined>()
  return (
    <AccessPage title="Sessions" lead="Browsers that are signed in; programs with a token are not among them">
      <div className="card">
        <Answer to={sessions} what="the sessions">
          {(all) => <SessionsTable sessions={all} ofEverybody end={setEnding} />}
        </Answer>
      </div>
      {ending !== undefined && <EndDialog of={ending} close={() => setEnding(undefined)} />}
    </AccessPage>
  )
}

function EndDialog({ of: session, close }: { readonly of: SessionEntry; readonly close: () => void }) {
  const cache = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.endSession({ params: { id: session.id } }),
    onSuccess: close,
    onSettled: () => cache.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <ActDialog
      title={`End the session of ${session.operator.name}?`}
      isDanger
      act="End it"
      acting="Ending…"
      isPending={isPending}
      error={error}
      submit={() => mutate()}
      close={close}
    >
      <p>
        {browserWords(session.userAgent)}
        {session.address === null ? '' : ` from ${session.address}`} is signed out at once, and what was not saved there
        is lost. {session.operator.name} may sign in again: to keep somebody out, disable the account.
      </p>
    </ActDialog>
  )
}
