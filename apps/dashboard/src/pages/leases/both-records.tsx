/** One lease as both servers have it, side by side; where they differ it is marked, in words too. */
import { mayBeToldAgain, needsNoRecord, partDiffers } from '@tandem/api-contract'
import type { ComparedPart, Lease, PartnerLease, PartnerLeaseRecord } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { partnerLeaseQuery } from '../../api/queries.ts'
import { LeaseStateBadge } from '../../components/lease-state.tsx'
import { ResendLeaseButton } from '../../features/lease-command/lease-command-button.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { durationWords } from '../../ui/time-words.ts'

export function BothRecords({ of: lease }: { readonly of: Lease }) {
  const partner = useQuery(partnerLeaseQuery(lease.key))
  return (
    <Card bare title="In the records of both servers">
      <Answer to={partner} what="the partner’s record">
        {(known) => (
          <>
            <Compared own={lease} partner={known} />
            <div className="resend-lease">
              <ResendLeaseButton of={lease} partnerName={known.serverName} isOffered={isToBeTold(lease, known)} />
            </div>
          </>
        )}
      </Answer>
    </Card>
  )
}

/** Another record, or none, and nothing is on its way that would mend it. */
function isToBeTold(own: Lease, { outcome, record }: PartnerLease): boolean {
  if (own.owedToPartner || record?.owedToPartner === true) return false
  if (record === null) return outcome === 'no-record' && !needsNoRecord(own)
  return mayBeToldAgain(own, record) && rows.some(({ part }) => part !== undefined && partDiffers(part, own, record))
}

interface ComparedProps {
  readonly own: Lease
  readonly partner: PartnerLease
}

function Compared({ own, partner }: ComparedProps) {
  const { serverName, outcome, problem, asOf, record } = partner
  if (record === null) {
    return (
      <p className="card-body muted small">
        {outcome === 'no-record'
          ? `${serverName} has no record of this lease, asked `
          : `What ${serverName} has is unavailable (${problem ?? 'no reason is known'}), asked `}
        <Moment at={asOf} show="ago" />.
      </p>
    )
  }
  return (
    <div className="table-frame" role="region" aria-label="Records side by side" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">
              <span className="only-heard">What</span>
            </th>
            <th scope="col">This server</th>
            <th scope="col">
              {serverName}, <Moment at={asOf} show="ago" />
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, part, words }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{words(own)}</td>
              <td>
                <span className="row row-whole">
                  {words(record) ?? <span className="muted">unavailable</span>}
                  {part !== undefined && partDiffers(part, own, record) && <Badge tone="degraded">differs</Badge>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface Row {
  readonly name: string
  /** What is to be the same on both; the rest is each one's own. */
  readonly part?: ComparedPart
  /** Undefined: it was not said. */
  readonly words: (record: PartnerLeaseRecord) => ReactNode
}

const rows: readonly Row[] = [
  { name: 'State', part: 'state', words: ({ state }) => state && <LeaseStateBadge state={state} /> },
  { name: 'In this state since', words: ({ stateSince }) => moment(stateSince, 'ago-and-clock', 'unknown') },
  {
    name: 'Ends',
    words: ({ stateExpiresAt }) => moment(stateExpiresAt, 'until-and-clock', 'does not end by the clock'),
  },
  { name: 'Client', part: 'client', words: ({ client }) => client !== undefined && clientWords(client) },
  { name: 'Client last heard', words: ({ clientHeardAt }) => moment(clientHeardAt, 'ago-and-clock', 'never') },
  {
    name: 'Valid lifetime as last given',
    words: ({ validSeconds }) => (validSeconds === undefined ? undefined : durationWords(validSeconds * 1000)),
  },
  {
    name: 'Acknowledged to the other',
    part: 'acknowledged',
    words: ({ expirationTime }) => moment(expirationTime, 'until-and-clock', 'nothing'),
  },
  {
    name: 'Acknowledged by the other',
    part: 'acknowledged-by-the-other',
    words: ({ ackedPartnerLifetime }) => moment(ackedPartnerLifetime, 'until-and-clock', 'nothing'),
  },
  { name: 'Owes the other news of it', words: ({ owedToPartner }) => owedWords(owedToPartner) },
]

function moment(at: string | null | undefined, show: 'ago-and-clock' | 'until-and-clock', none: string): ReactNode {
  if (at === undefined) return undefined
  return at === null ? none : <Moment at={at} show={show} />
}

function clientWords(client: Lease['client']): ReactNode {
  if (client === null) return 'nobody'
  return (
    <span>
      <span className="mono">{client.duid}</span>, {client.iaType} {client.iaid}
    </span>
  )
}

function owedWords(owed: boolean | undefined): string | undefined {
  if (owed === undefined) return undefined
  return owed ? 'yes' : 'no'
}
