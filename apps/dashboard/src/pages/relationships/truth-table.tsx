/** Both servers in the words of each: its own state, and how it sees the other; each datum with who says it and how old it is. */
import { failoverStateWord } from '@tandem/api-contract'
import type { FailoverState, PartnerTold, PartnerView, Relationship } from '@tandem/api-contract'
import type { ReactNode } from 'react'
import { FailoverStateBadge } from '../../components/failover-state.tsx'
import { answersWords } from '../../components/pair-card.tsx'
import { ConsoleOfPartner } from '../../features/open-partner-console/console-of-partner.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { disagreements } from './disagreements.ts'
import './truth-table.css'

interface OfRelationship {
  readonly of: Relationship
}

export function TruthTable({ of }: OfRelationship) {
  const { serverName, partnerName, partnerView } = of
  const told = partnerView?.told ?? undefined
  const isOld = partnerView?.channel.state !== 'answers'
  return (
    <Card bare title="What each server says">
      <div className="table-frame" role="region" aria-label="What each server says, side by side" tabIndex={0}>
        <table className="table truth-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="only-heard">About</span>
              </th>
              <th scope="col">
                {serverName} says
                <span className="fact-why">
                  this server, <Moment at={of.publishedAt} show="ago" />
                </span>
              </th>
              <th scope="col">
                {partnerName} says
                <span className="fact-why">
                  <Freshness of={of} />
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{serverName}</th>
              <td>
                <StateWithTime state={of.state} since={of.stateSince} />
                <OwnStory of={of} />
              </td>
              <Told by={told}>
                {({ partner }) => partner && <StateWithTime told={isOld} state={partner.state} since={partner.since} />}
              </Told>
            </tr>
            <tr>
              <th scope="row">{partnerName}</th>
              <td>
                {of.partner === null ? (
                  <Gap>never heard</Gap>
                ) : (
                  <StateWithTime told={!of.communicationsOk} state={of.partner.state} since={of.partner.since} />
                )}
                <PartnerStory of={of} />
              </td>
              <Told by={told}>
                {({ state, stateSince }) => state && <StateWithTime told={isOld} state={state} since={stateSince} />}
              </Told>
            </tr>
            <tr>
              <th scope="row">Contact with the other</th>
              <td>
                <Contact ok={of.communicationsOk} heardAt={of.lastHeardFromPartnerAt} />
                {!of.partnerInformed && (
                  <span className="fact-why">{partnerName} has not acknowledged this server’s state yet</span>
                )}
              </td>
              <Told by={told}>
                {({ communicationsOk, lastHeardFromPartnerAt }) =>
                  communicationsOk !== null && <Contact ok={communicationsOk} heardAt={lastHeardFromPartnerAt} />
                }
              </Told>
            </tr>
            <tr>
              <th scope="row">Answers</th>
              <td>{answersWords[of.answers]}</td>
              <Told by={told}>{({ answers }) => answers && answersWords[answers]}</Told>
            </tr>
            <tr>
              <th scope="row">Version and clock</th>
              <td className="muted">this server</td>
              <Told by={told}>{versionAndClock}</Told>
            </tr>
          </tbody>
        </table>
      </div>
      <Remarks of={of} />
    </Card>
  )
}

function OwnStory({ of: { previousState } }: OfRelationship) {
  const before = previousState === null ? 'its first state' : `before that ${failoverStateWord(previousState)}`
  return <span className="fact-why">{before}</span>
}

function PartnerStory({ of: { stateSince, partner, partnerDownSince } }: OfRelationship) {
  return (
    <>
      {partnerDownSince !== null && partnerDownSince !== stateSince && (
        <span className="fact-why">
          by the operator’s word it does not run since <Moment at={partnerDownSince} show="ago-and-clock" />; the waits
          count from then
        </span>
      )}
      {partner !== null && partner.partnerDownSince !== null && (
        <span className="fact-why">
          it serves alone since <Moment at={partner.partnerDownSince} show="ago-and-clock" />
        </span>
      )}
    </>
  )
}

function versionAndClock({ version, clockOffsetMs }: PartnerTold): ReactNode {
  const clock = clockOffsetMs === null ? undefined : `its clock is ${offsetWords(clockOffsetMs)}`
  return [version, clock].filter((each) => each !== null && each !== undefined).join(', ') || null
}

function offsetWords(ms: number): string {
  if (Math.abs(ms) < 100) return 'the same as here'
  return `${(Math.abs(ms) / 1000).toFixed(1)} s ${ms > 0 ? 'behind' : 'ahead'}`
}

interface StateWithTimeProps {
  readonly state: FailoverState
  readonly since: string | null
  /** From before contact was lost. */
  readonly told?: boolean
}

function StateWithTime({ state, since, told = false }: StateWithTimeProps) {
  return (
    <>
      <FailoverStateBadge state={state} told={told} outdated={told} />
      {since !== null && (
        <span className="fact-why">
          since <Moment at={since} show="ago-and-clock" />
        </span>
      )}
    </>
  )
}

function Contact({ ok, heardAt }: { readonly ok: boolean; readonly heardAt: string | null }) {
  return (
    <>
      {ok ? 'in contact' : 'no contact'}
      <span className="fact-why">{heardAt === null ? 'never heard' : <Heard at={heardAt} />}</span>
    </>
  )
}

function Heard({ at }: { readonly at: string }) {
  return (
    <>
      last heard <Moment at={at} show="ago" />
    </>
  )
}

interface ToldProps {
  readonly by: PartnerTold | undefined
  /** Something empty: it did not say that. */
  readonly children: (told: PartnerTold) => ReactNode
}

function Told({ by, children }: ToldProps) {
  const words = by === undefined ? undefined : children(by)
  const isThere = words !== undefined && words !== null && words !== false
  return <td>{isThere ? words : <Gap>unavailable</Gap>}</td>
}

function Gap({ children }: { readonly children: ReactNode }) {
  return <span className="muted">{children}</span>
}

function Freshness({ of: { partnerView } }: OfRelationship) {
  if (partnerView === null) return 'not asked'
  const { asOf, channel } = partnerView
  if (channel.state === 'not-asked-yet') return 'being asked'
  const age =
    asOf === null ? 'nothing told yet' : <Moment at={asOf} show={isTold(partnerView) ? 'ago' : 'ago-and-clock'} />
  return isTold(partnerView) ? <>by itself, {age}</> : <>last told: {age}</>
}

const isTold = ({ channel }: PartnerView): boolean => channel.state === 'answers'

function Remarks({ of }: OfRelationship) {
  const { partnerName, partnerView } = of
  const remarks = disagreements(of)
  if (partnerView === null) return <NoChannel of={of} />
  const { state, since, problem } = partnerView.channel
  if (state === 'answers' && partnerView.told?.stale !== true && remarks.length === 0) return null
  return (
    <div className="card-body stack">
      {(state === 'silent' || state === 'unusable') && (
        <Notice tone="idle">
          <p>
            What {partnerName} says of itself is unavailable since <Moment at={since} show="ago-and-clock" />:{' '}
            {problem ?? 'no reason is known'}. Its column shows what it said last. <ConsoleOfPartner of={of} />
          </p>
        </Notice>
      )}
      {partnerView.told?.stale === true && (
        <Notice tone="degraded">
          <p>
            The part of {partnerName} that serves clients is not reporting: what it says of itself may be old.{' '}
            <ConsoleOfPartner of={of} />
          </p>
        </Notice>
      )}
      {remarks.map((remark) => (
        <Notice key={remark} tone="degraded">
          <p>
            {remark} <ConsoleOfPartner of={of} />
          </p>
        </Notice>
      ))}
    </div>
  )
}

function NoChannel({ of }: OfRelationship) {
  const { partnerName, connection } = of
  return (
    <p className="card-body muted small">
      There is no private channel to {partnerName}, so it is not asked what it says of itself. Write{' '}
      <code>channel</code> under <code>node.partners</code> on both servers
      {connection.transport === 'insecure' && (
        <>
          ; it needs certificates (<code>tls</code>), which this relationship, whose transport is insecure, has only if
          they are written for it
        </>
      )}
      . <ConsoleOfPartner of={of} />
    </p>
  )
}
