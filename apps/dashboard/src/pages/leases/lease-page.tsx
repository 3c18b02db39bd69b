/** One lease with all its fields in words: what the client was told, and what both servers know of each other's promises. */
import type { Lease, RelayHop } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { leaseQuery } from '../../api/queries.ts'
import { leaseKindWords, LeaseStateBadge, leaseStateMeaning } from '../../components/lease-state.tsx'
import { LeaseCommandButton } from '../../features/lease-command/lease-command-button.tsx'
import { ReserveLease } from '../../features/reserve-lease/reserve-lease.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { durationWords } from '../../ui/time-words.ts'
import { BothRecords } from './both-records.tsx'
import { LeaseHistory } from './lease-history.tsx'
import './leases.css'

export function LeasePage() {
  const { lease: key = '' } = useParams()
  const lease = useQuery(leaseQuery(key))
  const name = lease.data?.lease ?? key
  return (
    <Page
      title={`Lease ${name}`}
      lead={<Link to={paths.leases()}>All leases</Link>}
      acts={<CopyButton text={name} what="address" />}
    >
      <Answer to={lease} what="this lease">
        {(known) => (
          <>
            <div className="facts-columns">
              <Card title="Now" aside={<LeaseStateBadge state={known.state} />}>
                <NowFacts of={known} />
                <LeaseCommandButton of={known} />
                <ReserveLease of={known} />
              </Card>
              <Card title="Client">
                <ClientFacts of={known} />
              </Card>
              <Card title="Lifetimes as last given">
                <LifetimeFacts of={known} />
              </Card>
              <Card title="Between the servers">
                <FailoverFacts of={known} />
              </Card>
            </div>
            {known.relationship !== null && <BothRecords of={known} />}
            <LeaseHistory of={known} />
          </>
        )}
      </Answer>
    </Page>
  )
}

interface LeaseProps {
  readonly of: Lease
}

function NowFacts({ of: lease }: LeaseProps) {
  return (
    <Facts>
      <Fact name={leaseKindWords[lease.kind]}>
        <span className="mono">{lease.lease}</span>
      </Fact>
      <Fact name="State" why={leaseStateMeaning(lease.state)}>
        <LeaseStateBadge state={lease.state} />
      </Fact>
      <Fact name="In this state since">
        <Moment at={lease.stateSince} show="ago-and-clock" />
      </Fact>
      <Fact name="Ends">
        <MaybeMoment at={lease.stateExpiresAt} show="until-and-clock" none="does not end by the clock" />
      </Fact>
      <Fact name="Subnet">
        <Link to={paths.leasesOfSubnet(lease.subnetId)}>{lease.subnetId}</Link>
      </Fact>
      <Fact name="Relationship">
        {lease.relationship === null ? (
          'none: served by this server alone'
        ) : (
          <Link to={paths.relationship(lease.relationship)}>{lease.relationship}</Link>
        )}
      </Fact>
    </Facts>
  )
}

function ClientFacts({ of: { client, clientHostName, clientHeardAt, relays, relayData } }: LeaseProps) {
  if (client === null) return <p className="muted small">No client holds it, and none is remembered.</p>
  return (
    <Facts>
      <Fact name="DUID">
        <span className="with-copy">
          <Link to={paths.leasesOfClient(client.duid)} className="mono">
            {client.duid}
          </Link>
          <CopyButton text={client.duid} what="DUID" />
        </span>
      </Fact>
      <Fact name="Identity association">
        {client.iaType}, IAID {client.iaid}
      </Fact>
      <Fact name="Host name">{clientHostName ?? <span className="muted">not told</span>}</Fact>
      <Fact name="Last heard here">
        <MaybeMoment at={clientHeardAt} show="ago-and-clock" none="never by this server" />
      </Fact>
      <RelayFacts relays={relays} relayData={relayData} />
    </Facts>
  )
}

/** Octets that cannot be read as relays are shown as they are. */
function RelayFacts({ relays, relayData }: Pick<Lease, 'relays' | 'relayData'>) {
  if (relayData === null) return <Fact name="Relay">none: heard directly</Fact>
  if (relays.length === 0) {
    return (
      <Fact name="Relay" why="As the relay of the last message gave it; it cannot be read">
        <span className="mono">{relayData}</span>
      </Fact>
    )
  }
  return relays.map((relay, at) => (
    <Fact key={`${at} ${relay.address}`} name={at === 0 ? 'Relay' : 'Behind it'} why={relayWords(relay).join(' · ')}>
      <span className="mono">{relay.address}</span>
    </Fact>
  ))
}

function relayWords({
  linkAddress,
  interfaceId,
  remoteId,
  remoteIdEnterprise,
  subscriberId,
}: RelayHop): readonly string[] {
  return [
    linkAddress === '::' ? 'names no link' : `link ${linkAddress}`,
    ...(interfaceId === null ? [] : [`interface ${interfaceId}`]),
    ...(remoteId === null ? [] : [`remote id ${remoteId} (enterprise ${remoteIdEnterprise})`]),
    ...(subscriberId === null ? [] : [`subscriber ${subscriberId}`]),
  ]
}

function LifetimeFacts({ of: { validSeconds, preferredSeconds, t1Seconds, t2Seconds, lifetime } }: LeaseProps) {
  return (
    <Facts>
      {lifetime !== null && (
        <Fact name="Why for so long" why={lifetime.rule ?? undefined}>
          {lifetime.sentence}
        </Fact>
      )}
      {lifetime !== null && (
        <Fact name={lifetime.grantedBy === 'partner' ? 'Given by the partner' : 'Given by this server'}>
          <Moment at={lifetime.at} show="ago-and-clock" />
        </Fact>
      )}
      <Fact name="Valid" why="How long the client may use it">
        {durationWords(validSeconds * 1000)}
      </Fact>
      <Fact name="Preferred" why="How long for new connections">
        {durationWords(preferredSeconds * 1000)}
      </Fact>
      <Fact name="Renews (T1)" why="When the client asks the same server again">
        after {durationWords(t1Seconds * 1000)}
      </Fact>
      <Fact name="Rebinds (T2)" why="When the client asks any server">
        after {durationWords(t2Seconds * 1000)}
      </Fact>
    </Facts>
  )
}

function FailoverFacts({ of: lease }: LeaseProps) {
  if (lease.relationship === null) return <p className="muted small">This server serves the subnet alone.</p>
  return (
    <Facts>
      <Fact name="With the partner">
        {lease.owedToPartner ? 'not yet: still to be told, or not acknowledged' : 'acknowledged'}
      </Fact>
      <Fact name="Partner last heard the client">
        <MaybeMoment at={lease.partnerHeardClientAt} show="ago-and-clock" none="never told" />
      </Fact>
      <Fact name="Told to the partner" why="partner-lifetime: until then the partner keeps it for the client">
        <MaybeMoment at={lease.partnerLifetime} show="until-and-clock" none="nothing" />
      </Fact>
      <Fact name="Acknowledged by the partner" why="acked-partner-lifetime: the most that it agreed to">
        <MaybeMoment at={lease.ackedPartnerLifetime} show="until-and-clock" none="nothing" />
      </Fact>
      <Fact name="Acknowledged to the partner" why="expiration-time: the most that this server agreed to">
        <MaybeMoment at={lease.expirationTime} show="until-and-clock" none="nothing" />
      </Fact>
    </Facts>
  )
}

interface MaybeMomentProps {
  readonly at: string | null
  readonly show: 'ago-and-clock' | 'until-and-clock'
  readonly none: string
}

function MaybeMoment({ at, show, none }: MaybeMomentProps) {
  return at === null ? <span className="muted">{none}</span> : <Moment at={at} show={show} />
}
