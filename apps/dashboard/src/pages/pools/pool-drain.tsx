/** Whether a pool is drained, how far that is, whether the partner does the same, and the command. */
import type { Pool, Relationship } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { relationshipsQuery } from '../../api/queries.ts'
import { CountText } from '../../components/count.tsx'
import { DrainPoolButton } from '../../features/drain-pool/drain-pool-button.tsx'
import { partnerDiffers } from '../../features/drain-pool/drain-words.ts'
import type { PartnerDiffers } from '../../features/drain-pool/drain-words.ts'
import { ConsoleOfPartner } from '../../features/open-partner-console/console-of-partner.tsx'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'

export function PoolDrain({ of: pool, pools }: { readonly of: Pool; readonly pools: readonly Pool[] }) {
  const relationships = useQuery(relationshipsQuery)
  const relationship = relationships.data?.find(({ name }) => name === pool.relationship)
  const partnerName = pool.relationship === null ? undefined : (relationship?.partnerName ?? 'the partner')
  const differs = partnerDiffers(pool)
  return (
    <Card title="Draining">
      <div className="stack">
        {pool.draining === null ? <p>New clients get leases of this pool.</p> : <Countdown of={pool.draining} />}
        {differs !== undefined && <PartnerNote differs={differs} relationship={relationship} />}
        <DrainPoolButton of={pool} surroundings={{ pools, partnerName }} />
      </div>
    </Card>
  )
}

function Countdown({ of }: { readonly of: NonNullable<Pool['draining']> }) {
  const { leasesLeft, emptyBy, reservedInUse, since, operator, reason } = of
  return (
    <Facts>
      <Fact name="Leases left" why="Each runs to the end of what its client was promised">
        <CountText count={leasesLeft} />
      </Fact>
      <Fact name="Empty at the latest" why="As far as this server knows what was promised">
        {emptyBy === null ? 'It is empty' : <Moment at={emptyBy} show="roughly-until-and-clock" />}
      </Fact>
      {reservedInUse !== '0' && (
        <Fact name="Reserved in use" why="They stay, until their reservations are taken out of the configuration">
          <CountText count={reservedInUse} />
        </Fact>
      )}
      <Fact name="Begun" why={`by ${operator}: ${reason}`}>
        <Moment at={since} show="ago-and-clock" />
      </Fact>
    </Facts>
  )
}

interface PartnerNoteProps {
  readonly differs: PartnerDiffers
  readonly relationship: Relationship | undefined
}

function PartnerNote({ differs, relationship }: PartnerNoteProps) {
  const partner = relationship?.partnerName ?? 'The partner'
  const link = relationship === undefined ? null : <ConsoleOfPartner of={relationship} />
  if (differs === 'unknown') {
    return (
      <p className="muted small">
        Whether {partner} drains it too is not known: it does not say so over the private channel. {link}
      </p>
    )
  }
  return (
    <Notice tone="degraded" role="status">
      <p>
        {differs === 'only-here'
          ? `${partner} does not drain this pool: it gives and extends leases of it, and the pool does not become empty.`
          : `${partner} drains this pool, and this server does not: clients get leases of it here, and renew them.`}
      </p>
      {link}
    </Notice>
  )
}
