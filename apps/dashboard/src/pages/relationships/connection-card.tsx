/** The connection to the partner: how it stands, how far the clocks differ, and which certificates hold it together. */
import type { Certificate, Relationship } from '@tandem/api-contract'
import { groupedDigits } from '../../components/count-words.ts'
import { Card } from '../../ui/card.tsx'
import { useNow } from '../../ui/clock.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge, Notice } from '../../ui/notice.tsx'
import { certificateEnd } from './certificate-words.ts'
import { clockWords } from './clock-words.ts'

const phaseWords: Readonly<Record<Relationship['connection']['phase'], string>> = {
  'waiting-to-dial': 'waits before it connects again',
  dialling: 'is connecting',
  listening: 'listens for the partner to connect',
  securing: 'is agreeing on encryption (TLS)',
  connecting: 'is agreeing on failover (CONNECT)',
  established: 'established',
}

export function ConnectionCard({ of }: { readonly of: Relationship }) {
  const { connection, lastHeardFromPartnerAt, partnerName, serverName } = of
  const { words, threat } = clockWords(of.clockSkewMs, partnerName)
  const { certificates } = connection
  return (
    <Card title="Connection">
      <div className="stack">
        <Facts>
          <Fact name="Connection">
            {phaseWords[connection.phase]}, since <Moment at={connection.since} show="ago-and-clock" />
          </Fact>
          <Fact name="Last contact">
            {lastHeardFromPartnerAt === null ? 'never' : <Moment at={lastHeardFromPartnerAt} show="ago-and-clock" />}
          </Fact>
          <Fact name="Last trouble">{connection.lastProblem ?? 'none'}</Fact>
          <Fact name="Connections so far">{changesWords(of.connectionChanges)}</Fact>
          <Fact name={`Clock of ${partnerName}`} why="Average of the last messages">
            {words}
          </Fact>
          <Fact name="Transport">
            <Icon name={connection.secured ? 'lock' : 'unlocked'} /> {transportWords(connection)}
          </Fact>
          {certificates !== null && (
            <>
              <CertificateFact name={`Certificate of ${partnerName}`} of={certificates.partner} none="not seen yet" />
              <CertificateFact name={`Certificate of ${serverName}`} of={certificates.own} none="none could be read" />
            </>
          )}
        </Facts>
        {threat !== null && (
          <Notice tone={threat.tone}>
            <p>{threat.words}</p>
          </Notice>
        )}
        {certificates !== null && certificates.problem !== null && (
          <Notice tone="degraded">
            <p>The TLS files that lie there now cannot be used: {certificates.problem}</p>
          </Notice>
        )}
      </div>
    </Card>
  )
}

/** Four octets tell two certificates apart; the whole is copied. */
const FINGERPRINT_SHOWN = 11

interface CertificateFactProps {
  readonly name: string
  readonly of: Certificate | null
  readonly none: string
}

function CertificateFact({ name, of, none }: CertificateFactProps) {
  const now = useNow()
  if (of === null) return <Fact name={name}>{none}</Fact>
  const { tone, words } = certificateEnd(of, now)
  return (
    <Fact name={name} why={`For ${of.names.join(', ')}`}>
      <Badge tone={tone}>{words}</Badge> until <Moment at={of.endsAt} show="clock" />
      <span className="fact-why">
        SHA-256 <code title={of.fingerprint}>{of.fingerprint.slice(0, FINGERPRINT_SHOWN)}…</code>{' '}
        <CopyButton text={of.fingerprint} what={`the fingerprint of the certificate for ${of.names.join(', ')}`} />
      </span>
    </Fact>
  )
}

/** `2 established, 1 lost`, in an order that stays. */
function changesWords(changes: Relationship['connectionChanges']): string {
  const said = Object.entries(changes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([change, count]) => `${groupedDigits(count)} ${change.replaceAll('-', ' ')}`)
  return said.length === 0 ? 'none' : said.join(', ')
}

function transportWords({ transport, secured }: Relationship['connection']): string {
  if (transport === 'insecure') return 'not encrypted (transport: insecure)'
  return secured ? 'TLS, encrypted' : 'TLS, not connected yet'
}
