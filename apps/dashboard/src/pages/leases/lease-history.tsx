/** What happened to one lease: every change of state or client, with what brought it about. */
import type { Lease, LeaseChange } from '@tandem/api-contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { leaseChangesQuery } from '../../api/queries.ts'
import { leaseChangeCauseWords } from '../../components/lease-change-words.ts'
import { LeaseStateBadge } from '../../components/lease-state.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'

export function LeaseHistory({ of: { key, lease } }: { readonly of: Lease }) {
  const changes = useInfiniteQuery(leaseChangesQuery(key))
  return (
    <Card
      bare
      title="History"
      aside={
        <Link to={paths.decisionsOnLease(lease)} className="small">
          Decisions about it
        </Link>
      }
    >
      <Answer to={changes} what="the history of this lease">
        {({ pages }) => {
          const known = pages.flatMap(({ items }) => items)
          return known.length === 0 ? (
            <p className="card-body muted small">No change is on record. Renewals are no changes.</p>
          ) : (
            <ChangesTable changes={known} />
          )
        }}
      </Answer>
      <ShowOlder of={changes} />
    </Card>
  )
}

function ChangesTable({ changes }: { readonly changes: readonly LeaseChange[] }) {
  return (
    <div className="table-frame" role="region" aria-label="History of the lease" tabIndex={0}>
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">From and to</th>
            <th scope="col">Cause</th>
            <th scope="col">Client</th>
            <th scope="col">Valid until</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ id, at, from, to, cause, clientDuid, expiresAt }) => (
            <tr key={id}>
              <th scope="row" className="nowrap">
                <Moment at={at} show="ago-and-clock" />
              </th>
              <td data-name="From and to">
                <span className="row row-whole">
                  {from === null ? <span className="muted">no record</span> : <LeaseStateBadge state={from} />}
                  <Icon name="forward" label="to" />
                  <LeaseStateBadge state={to} />
                </span>
              </td>
              <td data-name="Cause">{leaseChangeCauseWords[cause]}</td>
              <td data-name="Client">
                {clientDuid === null ? (
                  <span className="muted">nobody</span>
                ) : (
                  <Link to={paths.leasesOfClient(clientDuid)} className="mono lease-client">
                    {clientDuid}
                  </Link>
                )}
              </td>
              <td data-name="Valid until">
                {expiresAt === null ? <span className="muted">–</span> : <Moment at={expiresAt} show="clock" />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
