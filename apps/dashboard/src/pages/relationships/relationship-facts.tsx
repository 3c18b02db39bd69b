/** The facts of a relationship in words: states, updates and the connection to the partner. */
import { failoverStateWord } from '@tandem/api-contract'
import type { Relationship } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import { failoverStateMeaning } from '../../components/failover-state.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'
import { durationWords } from '../../ui/time-words.ts'

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
      <Fact name="Maximum client lead time" why="How far a lease may run ahead of what the partner acknowledged">
        {durationWords(of.mcltSeconds * 1000)}
      </Fact>
    </Facts>
  )
}

export function UpdateFacts({ of }: OfRelationship) {
  const { resync, updatesOwed, updatesUnacked, partnerMaxUnackedUpdates } = of
  return (
    <Facts>
      <Fact name="Owed to the partner" why="Leases whose news it has not acknowledged">
        {groupedDigits(updatesOwed)}
      </Fact>
      <Fact name="Sent, unacknowledged">
        {groupedDigits(updatesUnacked)}
        {partnerMaxUnackedUpdates !== null && ` of ${partnerMaxUnackedUpdates.toLocaleString('en')} allowed at once`}
      </Fact>
      <Fact name="Resynchronisation">
        {resync === null ? (
          'none'
        ) : (
          <>
            {resync.direction === 'sending' ? 'sending to the partner' : 'receiving from the partner'}:{' '}
            {groupedDigits(resync.done)}
            {resync.total === null ? ' so far' : ` of ${groupedDigits(resync.total)}`}
            {resync.total !== null && resync.total !== '0' && (
              <progress max={Number(resync.total)} value={Number(resync.done)} aria-label="Resynchronisation" />
            )}
          </>
        )}
      </Fact>
    </Facts>
  )
}

const phaseWords: Readonly<Record<Relationship['connection']['phase'], string>> = {
  'waiting-to-dial': 'waits before it connects again',
  dialling: 'is connecting',
  listening: 'listens for the partner to connect',
  securing: 'is agreeing on encryption (TLS)',
  connecting: 'is agreeing on failover (CONNECT)',
  established: 'established',
}

const deadlineWords: Readonly<Record<Relationship['deadlines'][number]['kind'], string>> = {
  'startup-ends': 'Start-up ends',
  'recover-wait-ends': 'Recovery wait ends',
  'auto-partner-down': 'Declares the partner down by itself',
  redial: 'Connects again',
  'partner-pool-usable': 'May delegate the partner’s free prefixes',
  'upddone-stall': 'Gives up waiting for the end of updates',
  'acknowledgement-stall': 'Gives up waiting for acknowledgements',
}

/** Near five seconds the partners drop their connection; the server says so in its notes. */
function skewWords(clockSkewMs: number | null): string {
  if (clockSkewMs === null) return 'not known yet'
  return `${clockSkewMs > 0 ? '+' : ''}${(clockSkewMs / 1000).toFixed(2)} s`
}

export function ConnectionFacts({ of }: OfRelationship) {
  const { connection, lastHeardFromPartnerAt, deadlines } = of
  return (
    <Facts>
      <Fact name="Connection">
        {phaseWords[connection.phase]}, since <Moment at={connection.since} show="ago-and-clock" />
      </Fact>
      <Fact name="Last contact">
        {lastHeardFromPartnerAt === null ? 'never' : <Moment at={lastHeardFromPartnerAt} show="ago-and-clock" />}
      </Fact>
      <Fact name="Contact is lost after">{durationWords(of.keepaliveSeconds * 1000)} of silence</Fact>
      <Fact name="Transport">
        <Icon name={connection.secured ? 'lock' : 'unlocked'} /> {transportWords(connection)}
      </Fact>
      <Fact name="Clock of the partner" why="Against the clock of this server">
        {skewWords(of.clockSkewMs)}
      </Fact>
      <Fact name="Last trouble">{connection.lastProblem ?? 'none'}</Fact>
      <Fact name="Deadlines">
        {deadlines.length === 0 ? (
          'none'
        ) : (
          <ul>
            {deadlines.map(({ kind, at }) => (
              <li key={kind}>
                {deadlineWords[kind]}: <Moment at={at} show="until-and-clock" />
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </Facts>
  )
}

function transportWords({ transport, secured }: Relationship['connection']): string {
  if (transport === 'insecure') return 'not encrypted (transport: insecure)'
  return secured ? 'TLS, encrypted' : 'TLS, not connected yet'
}
