/** What an operator needs at three in the morning, on one screen. */
import type { PoolList, Relationship, Server } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { poolsQuery, relationshipsQuery, serverQuery } from '../../api/queries.ts'
import { HeadlineBanner } from '../../components/headline.tsx'
import { NextSteps, Notes } from '../../components/next-steps.tsx'
import { TimePressure } from '../../components/forecast.tsx'
import { PairCard } from '../../components/pair-card.tsx'
import { PoolLines } from '../../components/pool-lines.tsx'
import { TransitionsTable } from '../../components/transitions-table.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { DeclarePartnerDownButton } from '../../features/declare-partner-down/declare-partner-down-button.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/page.tsx'
import { RepliesTrend } from './replies-trend.tsx'
import { useSteadyOrder } from './use-steady-order.ts'
import './overview.css'

/** One less for each note: all is to be seen without scrolling. */
const TRANSITIONS_SHOWN = { least: 2, most: 5 }

export function OverviewPage() {
  usePageTitle('Overview')
  const server = useQuery(serverQuery)
  const relationships = useQuery(relationshipsQuery)
  const pools = useQuery(poolsQuery)
  return (
    <div className="page">
      <h1 className="only-heard" tabIndex={-1}>
        Overview
      </h1>
      <Answer to={server} what="this server">
        {(known) => <ServerPart server={known} pools={pools.data} />}
      </Answer>
      <Answer to={relationships} what="the relationships">
        {(known) => (
          <div className="overview-grid">
            <div className="stack">
              {known.length === 0 ? <AloneCard /> : known.map((each) => <PairPart key={each.name} of={each} />)}
              <NotesCard of={known} />
              {known.length > 0 && <LastTransitions of={known} />}
            </div>
            <div className="stack">
              {known.length > 0 && <NextCard of={known} />}
              <Answer to={pools} what="the pools">
                {(list) => <PoolsCard of={list} relationships={known} />}
              </Answer>
            </div>
          </div>
        )}
      </Answer>
    </div>
  )
}

interface ServerPartProps {
  readonly server: Server
  readonly pools: PoolList | undefined
}

function ServerPart({ server, pools }: ServerPartProps) {
  const leased = pools?.items.reduce((sum, pool) => sum + BigInt(pool.leased), 0n).toString()
  return (
    <>
      <HeadlineBanner
        headline={server.headline}
        clientsNow={server.clientsNow}
        traffic={server.traffic}
        leased={leased}
        trend={<RepliesTrend />}
      />
      {server.warnings.map((warning) => (
        <Notice key={warning} tone="degraded">
          <p>{warning}</p>
        </Notice>
      ))}
    </>
  )
}

function AloneCard() {
  return (
    <Card title="Relationships">
      <Empty icon="unlinked" title="This server has no partner">
        <p>It serves all its subnets alone. A relationship is added in the configuration file of both servers.</p>
      </Empty>
    </Card>
  )
}

function PairPart({ of }: { readonly of: Relationship }) {
  return (
    <Card
      bare
      title={`Pair ${of.name}`}
      aside={
        <span className="row">
          <DeclarePartnerDownButton of={of} size="small" />
          <Link to={paths.relationship(of.name)} className="small">
            All about it
          </Link>
        </span>
      }
    >
      <PairCard of={of} />
    </Card>
  )
}

function LastTransitions({ of: relationships }: { readonly of: readonly Relationship[] }) {
  const shown = Math.max(TRANSITIONS_SHOWN.least, TRANSITIONS_SHOWN.most - notesOf(relationships).length)
  const last = relationships
    .flatMap(({ transitions }) => transitions)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, shown)
  return (
    <Card bare title="Last transitions">
      {last.length === 0 ? (
        <p className="card-body muted small">None yet: this server has been in its state since its first start.</p>
      ) : (
        <TransitionsTable brief transitions={last} nameRelationship={relationships.length > 1} />
      )}
    </Card>
  )
}

function NextCard({ of: relationships }: { readonly of: readonly Relationship[] }) {
  const names = relationships.flatMap(({ serverName, partnerName }) => [serverName, partnerName])
  return (
    <Card title="What happens next">
      <NextSteps steps={relationships.flatMap(({ next }) => next)} names={names} />
    </Card>
  )
}

function notesOf(relationships: readonly Relationship[]): readonly string[] {
  return [...new Set(relationships.flatMap(({ notes }) => notes))]
}

function NotesCard({ of: relationships }: { readonly of: readonly Relationship[] }) {
  const notes = notesOf(relationships)
  if (notes.length === 0) return null
  return (
    <Card title="Good to know">
      <Notes notes={notes} />
    </Card>
  )
}

/** The rest is on their own page. */
const POOLS_SHOWN = { beside: 2, alone: 3 }

interface PoolsCardProps {
  readonly of: PoolList
  readonly relationships: readonly Relationship[]
}

function PoolsCard({ of: { items }, relationships }: PoolsCardProps) {
  const ordered = useSteadyOrder(items)
  const [partnerName, ...others] = relationships.map((each) => each.partnerName)
  const shown = notesOf(relationships).length > 0 ? POOLS_SHOWN.beside : POOLS_SHOWN.alone
  const more = items.length - shown
  return (
    <Card
      title="Pools"
      aside={
        <Link to={paths.pools()} className="small">
          {more > 0 ? `All ${items.length}` : 'All counts'}
        </Link>
      }
    >
      {items.length === 0 ? (
        <p className="muted small">No pools are configured.</p>
      ) : (
        <div className="stack">
          <TimePressure pools={items} partnerName={others.length === 0 ? partnerName : undefined} />
          <PoolLines pools={ordered.slice(0, shown)} />
        </div>
      )}
    </Card>
  )
}
