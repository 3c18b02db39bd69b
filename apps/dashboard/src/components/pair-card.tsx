/** Both servers of a relationship: this one as it is, the partner as it last told, and the contact between them. */
import type { PartnerView, Relationship } from '@tandem/api-contract'
import type { ReactNode } from 'react'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/moment.tsx'
import { groupedDigits } from './count-words.ts'
import { FailoverStateBadge, roleWords } from './failover-state.tsx'
import './pair-card.css'

export const answersWords: Readonly<Record<Relationship['answers'], string>> = {
  everyone: 'every client',
  'own-identifier': 'clients that name it',
  nobody: 'nobody',
}

export interface PairCardProps extends PairProps {
  /** A link to it, shown where the partner is not heard or does not say how it is. */
  readonly partnerConsole?: ReactNode
}

export function PairCard({ of: relationship, partnerConsole }: PairCardProps) {
  return (
    <div className="pair">
      <ThisServer of={relationship} />
      <Link of={relationship} />
      <PartnerServer of={relationship} partnerConsole={partnerConsole} />
    </div>
  )
}

function ThisServer({ of: { serverName, role, state, stateSince, answers } }: PairProps) {
  return (
    <div className="pair-server">
      <Name name={serverName} role={roleWords[role]} note="this server" />
      <div>
        <FailoverStateBadge state={state} />
      </div>
      <dl className="pair-facts">
        <Fact name="Since">
          <Moment at={stateSince} show="ago-and-clock" />
        </Fact>
        <Fact name="Answers">{answersWords[answers]}</Fact>
      </dl>
    </div>
  )
}

function Link({ of: relationship }: PairProps) {
  const { communicationsOk, lastHeardFromPartnerAt, connection, partnerName, updatesOwed, oldestUpdateOwedSince } =
    relationship
  return (
    <div className={`pair-link tone-${communicationsOk ? 'ok' : 'degraded'}`}>
      <Icon name={communicationsOk ? 'linked' : 'unlinked'} />
      <span className="pair-link-word">{communicationsOk ? 'In contact' : 'No contact'}</span>
      <span>
        {lastHeardFromPartnerAt === null ? (
          `${partnerName} never heard`
        ) : (
          <>
            last heard <Moment at={lastHeardFromPartnerAt} show="ago" />
          </>
        )}
      </span>
      <span>
        <Icon name={connection.transport === 'tls' ? 'lock' : 'unlocked'} />{' '}
        {connection.transport === 'tls' ? 'TLS' : 'not encrypted'}
      </span>
      <span>
        {owedWords(updatesOwed)}
        {!communicationsOk && oldestUpdateOwedSince !== null && (
          <>
            , oldest <Moment at={oldestUpdateOwedSince} show="ago" />
          </>
        )}
      </span>
    </div>
  )
}

function owedWords(updates: string): string {
  if (updates === '0') return 'no updates owed'
  return updates === '1' ? '1 update owed' : `${groupedDigits(updates)} updates owed`
}

function PartnerServer({ of: relationship, partnerConsole }: PairCardProps) {
  const { partner, partnerName, partnerRole, communicationsOk, lastHeardFromPartnerAt } = relationship
  return (
    <div className="pair-server">
      <Name name={partnerName} role={roleWords[partnerRole]} note={communicationsOk ? 'as it tells' : 'as last told'} />
      <div>
        {partner === null ? (
          <span className="muted">State never heard</span>
        ) : (
          <FailoverStateBadge state={partner.state} told outdated={!communicationsOk} />
        )}
      </div>
      <dl className="pair-facts">
        {partner !== null && (
          <Fact name="Since">
            <Moment at={partner.since} show="ago-and-clock" />
          </Fact>
        )}
        <Fact name="Last contact">
          {lastHeardFromPartnerAt === null ? 'never' : <Moment at={lastHeardFromPartnerAt} show="ago-and-clock" />}
        </Fact>
        {partner?.startup === true && <Fact name="Startup">it is starting up</Fact>}
        {relationship.partnerView !== null && (
          <Fact name="Version">
            <FirstHand view={relationship.partnerView} />
          </Fact>
        )}
      </dl>
      {partnerConsole !== undefined && isPartlyUnknown(relationship) && <div className="small">{partnerConsole}</div>}
    </div>
  )
}

function isPartlyUnknown({ communicationsOk, partnerView }: Relationship): boolean {
  if (!communicationsOk || partnerView === null) return true
  return partnerView.channel.state === 'silent' || partnerView.channel.state === 'unusable'
}

/** Asked of the partner itself, beside failover. */
function FirstHand({ view: { channel, told, asOf } }: { readonly view: PartnerView }) {
  const version = told?.version ?? 'unavailable'
  if (channel.state === 'not-asked-yet') return 'being asked'
  if (channel.state === 'answers' && asOf !== null) {
    return (
      <>
        {version}, told <Moment at={asOf} show="ago" />
      </>
    )
  }
  return (
    <>
      {version}; {channel.state === 'silent' ? 'no answer' : 'no usable answer'} since{' '}
      <Moment at={channel.since} show="ago-and-clock" />
    </>
  )
}

interface PairProps {
  readonly of: Relationship
}

function Name({ name, role, note }: { readonly name: string; readonly role: string; readonly note: string }) {
  return (
    <div className="pair-name">
      <strong>{name}</strong>
      <span className="muted small">
        {role} · {note}
      </span>
    </div>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
