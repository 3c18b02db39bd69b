/** Before the partner is declared down: how many leases it may have given or extended unheard, with who said so and when. */
import type { Relationship } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { poolsQuery } from '../../api/queries.ts'
import { groupedDigits } from '../../components/count-words.ts'
import { CountText } from '../../components/count.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Moment } from '../../ui/moment.tsx'
import { durationWords } from '../../ui/time-words.ts'
import { leasesAtRisk } from './leases-at-risk.ts'
import type { LeasesAtRisk, Most } from './leases-at-risk.ts'

export function LeasesAtRiskFacts({ of: relationship }: { readonly of: Relationship }) {
  const { partnerName, serverName } = relationship
  const { data: pools } = useQuery(poolsQuery)
  const risk = leasesAtRisk(relationship, pools?.items ?? [])
  return (
    <section aria-labelledby="leases-at-risk">
      <h3 id="leases-at-risk">Leases at risk</h3>
      <Facts>
        <Fact
          name={`Given or extended by ${partnerName}, not told to ${serverName}`}
          why={`What it did after that, nobody but ${partnerName} knows`}
        >
          <UntoldWords of={risk.untold} partnerName={partnerName} />
        </Fact>
        <Fact
          name="At most"
          why={`${serverName} gives none of them to another client before what may have been promised has run out`}
        >
          {pools === undefined ? 'the pools are being counted' : <MostWords of={risk.most} {...{ relationship }} />}
        </Fact>
        <Fact
          name={`Given or extended by ${serverName}, not acknowledged by ${partnerName}`}
          why={`${partnerName} fetches them when it is started again; if it runs after all, it does not know of them`}
        >
          {groupedDigits(risk.unacknowledged)}
          {risk.unacknowledgedSince !== null && (
            <>
              , the oldest from <Moment at={risk.unacknowledgedSince} show="ago-and-clock" />
            </>
          )}
        </Fact>
      </Facts>
    </section>
  )
}

interface UntoldWordsProps {
  readonly of: LeasesAtRisk['untold']
  readonly partnerName: string
}

function UntoldWords({ of: untold, partnerName }: UntoldWordsProps) {
  switch (untold.kind) {
    case 'told':
      return (
        <>
          <strong>{groupedDigits(untold.count)}</strong>, as {partnerName} last said{' '}
          <Moment at={untold.asOf} show="ago-and-clock" />
        </>
      )
    case 'never-told':
      return `not known: ${partnerName} has not said it over the private channel`
    case 'no-channel':
      return `not known: there is no private channel over which ${partnerName} could say it`
  }
}

interface MostWordsProps {
  readonly of: Most | undefined
  readonly relationship: Relationship
}

function MostWords({ of: most, relationship: { partnerName, serverName, mcltSeconds } }: MostWordsProps) {
  if (most === undefined) return `not known: ${partnerName} may have served alone, with what was free here too`
  const { extendable, givable } = most
  return (
    <>
      <CountText count={extendable} /> in use or just ended, extended by up to {durationWords(mcltSeconds * 1000)}{' '}
      beyond what {serverName} acknowledged; and what {partnerName} had to give: <CountText count={givable.addresses} />{' '}
      addresses, <CountText count={givable.prefixes} /> prefixes
    </>
  )
}
