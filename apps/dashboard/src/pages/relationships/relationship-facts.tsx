/** The states of a relationship in words. */
import { failoverStateWord } from '@tandem/api-contract'
import type { Relationship } from '@tandem/api-contract'
import { failoverStateMeaning } from '../../components/failover-state.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'

interface OfRelationship {
  readonly of: Relationship
}

export function StateFacts({ of }: OfRelationship) {
  const { partner, partnerName, serverName } = of
  return (
    <Facts>
      <Fact name={`${serverName}, this server`} why={failoverStateMeaning(of.state)}>
        <strong>{failoverStateWord(of.state)}</strong>
      </Fact>
      <Fact name="Since">
        <Moment at={of.stateSince} show="ago-and-clock" />
      </Fact>
      {of.partnerDownSince !== null && of.partnerDownSince !== of.stateSince && (
        <Fact name={`${partnerName} does not run since`} why="By the operator's word; the waits count from then">
          <Moment at={of.partnerDownSince} show="ago-and-clock" />
        </Fact>
      )}
      <Fact name="Before that">
        {of.previousState === null ? 'nothing: its first state' : failoverStateWord(of.previousState)}
      </Fact>
      <Fact
        name={`${partnerName}, ${of.communicationsOk ? 'as it tells' : 'as last told'}`}
        why={partner === null ? undefined : failoverStateMeaning(partner.state)}
      >
        {partner === null ? 'never heard' : <strong>{failoverStateWord(partner.state)}</strong>}
      </Fact>
      {partner !== null && (
        <Fact name="Since">
          <Moment at={partner.since} show="ago-and-clock" />
        </Fact>
      )}
      {partner !== null && partner.partnerDownSince !== null && (
        <Fact name="It serves alone since">
          <Moment at={partner.partnerDownSince} show="ago-and-clock" />
        </Fact>
      )}
      <Fact name="Partner knows our state">{of.partnerInformed ? 'yes' : 'not yet'}</Fact>
    </Facts>
  )
}
