/** Before the partner is declared down: whether it still answers over the private channel, which is another way than failover. */
import { failoverStateWord } from '@tandem/api-contract'
import type { PartnerTold, PartnerView, Relationship } from '@tandem/api-contract'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'

export function SecondWay({ of: { partnerName, partnerView } }: { readonly of: Relationship }) {
  if (partnerView === null) {
    return (
      <p className="muted small">
        There is no private channel to {partnerName}, so no second way was tried to find out whether it runs.
      </p>
    )
  }
  switch (partnerView.channel.state) {
    case 'answers':
      return <StillAnswers name={partnerName} view={partnerView} />
    case 'unusable':
      return (
        <Notice tone="degraded" role="status">
          <p>
            <strong>Something answers at the private address of {partnerName}</strong>, though not as it should (
            {partnerView.channel.problem}). It may be {partnerName}: look there before you go on.
          </p>
        </Notice>
      )
    case 'silent':
      return (
        <Notice tone="idle">
          <p>
            {partnerName} does not answer over the private channel either, since{' '}
            <Moment at={partnerView.channel.since} show="ago-and-clock" />. That fits a server that does not run, and a
            host that is merely cut off as well: it is no proof.
          </p>
        </Notice>
      )
    case 'not-asked-yet':
      return <p className="muted small">{partnerName} is being asked over the private channel whether it runs.</p>
  }
}

function StillAnswers({ name, view: { told, asOf } }: { readonly name: string; readonly view: PartnerView }) {
  return (
    <Notice tone="at-risk" role="alert">
      <p>
        <strong>{name} still answers over the private channel: it runs.</strong> It said
        {asOf !== null && (
          <>
            {' '}
            <Moment at={asOf} show="ago" />
          </>
        )}{' '}
        that it is in {stateWords(told)}
        {told?.answers === 'everyone' && ' and answers every client'}.
      </p>
      <p>Do not declare it down unless you have stopped its DHCP service yourself a moment ago.</p>
    </Notice>
  )
}

function stateWords(told: PartnerTold | null): string {
  const state = told?.state ?? null
  return state === null ? 'a state that is not known here' : failoverStateWord(state)
}
