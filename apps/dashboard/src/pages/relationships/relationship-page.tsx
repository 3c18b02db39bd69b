/** One relationship: both servers, what comes next and when, what may be commanded, the states, the connection and what was. */
import type { Relationship } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { relationshipsQuery } from '../../api/queries.ts'
import { HeadlineBanner } from '../../components/headline.tsx'
import { NextSteps, Notes } from '../../components/next-steps.tsx'
import { PairCard } from '../../components/pair-card.tsx'
import { ConsoleOfPartner } from '../../features/open-partner-console/console-of-partner.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { CommandCard } from './command-card.tsx'
import { ConfigurationCard } from './configuration-card.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { LeasesCard } from './leases-card.tsx'
import { MessagesCard } from './messages-card.tsx'
import { StateDiagram } from './state-diagram/state-diagram.tsx'
import { TimersCard } from './timers-card.tsx'
import { TransitionHistory } from './transition-history.tsx'
import { TruthTable } from './truth-table.tsx'
import { UpdateCard } from './update-card.tsx'
import './relationships.css'

export function RelationshipPage() {
  const { name = '' } = useParams()
  const relationships = useQuery(relationshipsQuery)
  return (
    <Page title={`Relationship ${name}`}>
      <Answer to={relationships} what="the relationship">
        {(known) => {
          const found = known.find((each) => each.name === name)
          return found === undefined ? <Unknown name={name} /> : <Parts of={found} />
        }}
      </Answer>
    </Page>
  )
}

function Unknown({ name }: { readonly name: string }) {
  return (
    <section className="card">
      <Empty icon="search" title={`This server has no relationship ${name}`}>
        <p>Relationships stand in the configuration file of both servers.</p>
      </Empty>
    </section>
  )
}

function Parts({ of }: { readonly of: Relationship }) {
  return (
    <>
      <HeadlineBanner headline={of.headline} clientsNow={of.clientsNow} />
      <Card bare title="Both servers">
        <PairCard of={of} partnerConsole={<ConsoleOfPartner of={of} />} />
      </Card>
      <TruthTable of={of} />
      <div className="relationship-next">
        <div className="stack">
          <Card title="What happens next">
            <NextSteps steps={of.next} names={[of.serverName, of.partnerName]} />
          </Card>
          {of.notes.length > 0 && (
            <Card title="Good to know">
              <Notes notes={of.notes} />
            </Card>
          )}
        </div>
        <CommandCard of={of} />
      </div>
      <ConfigurationCard of={of} />
      <LeasesCard of={of} />
      <TimersCard of={of} />
      <StateDiagram of={of} />
      <div className="relationship-grid">
        <UpdateCard of={of} />
        <ConnectionCard of={of} />
        <MessagesCard of={of} />
      </div>
      <TransitionHistory of={of} />
    </>
  )
}
