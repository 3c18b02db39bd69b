/** Who I am here: my password, and where I am signed in. */
import type { SessionEntry } from '@tandem/api-contract'
import { failureOf } from '@tandem/api-contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import type { Session } from '@tandem/api-contract'
import { api } from '../../api/api.ts'
import { ownSessionsQuery, serverQuery } from '../../api/queries.ts'
import { SessionsTable } from '../../components/sessions-table.tsx'
import { ChangePasswordForm } from '../../features/change-password/change-password-form.tsx'
import { Answer, FailureNotice } from '../../features/show-answer/answer.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import '../../ui/door.css'

const may = {
  viewer: 'Sees everything but access and audit, and changes nothing.',
  operator: 'Sees what a viewer sees, and commands: declares the partner down, brings leases back.',
  administrator: 'May do everything, also manage access and read the audit.',
} as const

export function AccountPage() {
  const session = useOutletContext<Session>()
  const { operator, serverName, signedInAt, expiresAt } = session
  const [isChanged, setIsChanged] = useState(false)
  return (
    <Page title="Your account">
      <Card title={operator.name}>
        <Facts>
          <Fact name="Role" why={may[operator.role]}>
            {operator.role}
          </Fact>
          <Fact name="Signed in to" why="The other server of a pair has sessions of its own.">
            {serverName}
          </Fact>
          <Fact name="Signed in">
            <Moment at={signedInAt} show="ago-and-clock" />
          </Fact>
          {expiresAt !== null && (
            <Fact name="Session ends" why="Earlier after four hours in which no page of the console is open.">
              <Moment at={expiresAt} show="until-and-clock" />
            </Fact>
          )}
        </Facts>
      </Card>
      <Sessions />
      <ThisConsole />
      <Card title="Change the password">
        <div className="stack">
          {isChanged && (
            <Notice tone="ok" role="status">
              <p>Changed. Your other sessions have ended.</p>
            </Notice>
          )}
          <ChangePasswordForm name={operator.name} act="Change the password" done={() => setIsChanged(true)} />
        </div>
      </Card>
    </Page>
  )
}

/** What a browser shows of the certificate can be compared with this one only where one is sure already: the log has it too. */
function ThisConsole() {
  const server = useQuery(serverQuery)
  const certificate = server.data?.consoleCertificate
  if (certificate === undefined || certificate === null) return null
  const { fingerprint, names, endsAt, selfMade } = certificate
  return (
    <Card title="Certificate of this console">
      <Facts>
        <Fact
          name="Fingerprint"
          why={`SHA-256. ${selfMade ? 'Made by the server itself: compare this with what a browser shows, before it is told to go on.' : 'A browser shows the same one.'}`}
        >
          <code>{fingerprint}</code> <CopyButton text={fingerprint} what="the fingerprint" />
        </Fact>
        <Fact name="Made for">{names.join(', ')}</Fact>
        <Fact name="Ends">
          <Moment at={endsAt} show="until-and-clock" />
        </Fact>
      </Facts>
    </Card>
  )
}

function Sessions() {
  const cache = useQueryClient()
  const sessions = useQuery(ownSessionsQuery)
  const { mutate, isPending, error } = useMutation({
    // Without one: all but this.
    mutationFn: async (session: SessionEntry | undefined) =>
      session === undefined ? api.endOtherOwnSessions() : api.endOwnSession({ params: { id: session.id } }),
    onSettled: () => cache.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  })
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0
  const endAll = (
    <Button size="small" isDisabled={isPending} onPress={() => mutate(undefined)}>
      End all others
    </Button>
  )
  return (
    <Card title="Where you are signed in" bare aside={others > 0 && endAll}>
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      <Answer to={sessions} what="your sessions">
        {(all) => <SessionsTable sessions={all} end={(session) => mutate(session)} />}
      </Answer>
    </Card>
  )
}
