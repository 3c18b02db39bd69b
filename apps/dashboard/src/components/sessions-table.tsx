/** Open sessions, one a row: whose, from where, how fresh, and a way to end each. */
import type { SessionEntry } from '@tandem/api-contract'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/moment.tsx'
import { Badge } from '../ui/notice.tsx'
import { browserWords } from './browser-words.ts'

export interface SessionsTableProps {
  readonly sessions: readonly SessionEntry[]
  /** Whose they are is told in a column; absent: all are one's own. */
  readonly ofEverybody?: boolean
  readonly end: (session: SessionEntry) => void
}

export function SessionsTable({ sessions, ofEverybody = false, end }: SessionsTableProps) {
  return (
    <div className="table-frame" role="region" aria-label="Sessions" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            {ofEverybody && <th scope="col">Operator</th>}
            <th scope="col">Browser</th>
            <th scope="col">From</th>
            <th scope="col">Last seen</th>
            <th scope="col">Signed in</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="only-heard">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} ofEverybody={ofEverybody} end={end} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SessionRow({
  session,
  ofEverybody = false,
  end,
}: Omit<SessionsTableProps, 'sessions'> & { readonly session: SessionEntry }) {
  const { operator, userAgent, address, lastSeenAt, signedInAt, expiresAt, current } = session
  const browser = browserWords(userAgent)
  return (
    <tr>
      {ofEverybody && (
        <th scope="row">
          {operator.name} <span className="muted">· {operator.role}</span>
        </th>
      )}
      <Heading isRow={!ofEverybody}>
        <span title={userAgent}>{browser}</span> {current && <Badge tone="accent">This one</Badge>}
      </Heading>
      <td data-name="From">
        {address === null ? <span className="muted">not known</span> : <span className="mono">{address}</span>}
      </td>
      <td data-name="Last seen" className="nowrap">
        <Moment at={lastSeenAt} show="ago" />
      </td>
      <td data-name="Signed in" className="nowrap">
        <Moment at={signedInAt} show="ago-and-clock" />
      </td>
      <td data-name="Ends" className="nowrap">
        <Moment at={expiresAt} show="until-and-clock" />
      </td>
      <td className="acts">
        {!current && (
          <Button
            size="small"
            aria-label={`End the session ${ofEverybody ? `of ${operator.name} ` : ''}in ${browser}`}
            onPress={() => end(session)}
          >
            End
          </Button>
        )}
      </td>
    </tr>
  )
}

function Heading({ isRow, children }: { readonly isRow: boolean; readonly children: React.ReactNode }) {
  return isRow ? (
    <th scope="row">{children}</th>
  ) : (
    <td data-name="Browser">
      <span>{children}</span>
    </td>
  )
}
