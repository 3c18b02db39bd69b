/** All relationships of this server; with only one, its page at once. */
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from 'react-router'
import { relationshipsQuery } from '../../api/queries.ts'
import { HeadlineBanner } from '../../components/headline.tsx'
import { PairCard } from '../../components/pair-card.tsx'
import { ConsoleOfPartner } from '../../features/open-partner-console/console-of-partner.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import './relationships.css'

export function RelationshipsPage() {
  const relationships = useQuery(relationshipsQuery)
  const only = relationships.data?.length === 1 ? relationships.data[0] : undefined
  if (only !== undefined) return <Navigate to={paths.relationship(only.name)} replace />
  return (
    <Page title="Relationships">
      <Answer to={relationships} what="the relationships">
        {(known) =>
          known.length === 0 ? (
            <section className="card">
              <Empty icon="unlinked" title="This server has no partner">
                <p>
                  It serves all its subnets alone. A relationship is added in the configuration file of both servers.
                </p>
              </Empty>
            </section>
          ) : (
            <div className="relationship-list">
              {known.map((each) => (
                <Card
                  key={each.name}
                  bare
                  title={each.name}
                  aside={<Link to={paths.relationship(each.name)}>All about it</Link>}
                >
                  <HeadlineBanner headline={each.headline} clientsNow={each.clientsNow} />
                  <PairCard of={each} partnerConsole={<ConsoleOfPartner of={each} />} />
                </Card>
              ))}
            </div>
          )
        }
      </Answer>
    </Page>
  )
}
