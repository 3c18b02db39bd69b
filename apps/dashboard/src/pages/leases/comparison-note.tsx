/** What the comparison of this page of leases comes to, one line a partner; the list never waits for it. */
import { failureOf } from '@tandem/api-contract'
import type { ComparedPartner, Lease, LeaseComparison, LeaseComparisons } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { leaseComparisonQuery, relationshipsQuery } from '../../api/queries.ts'
import { PartnerConsoleLink } from '../../features/open-partner-console/partner-console-link.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Polite } from '../../ui/polite.tsx'
import { asRowsSay, isWorthALook, summaryOf } from './comparison-words.ts'

export interface Compared {
  readonly answer: LeaseComparisons | undefined
  /** Of the answer, with what the rows know that is newer. */
  readonly items: readonly LeaseComparison[]
  readonly byKey: ReadonlyMap<string, LeaseComparison>
  readonly failure: string | undefined
}

export function useComparison(leases: readonly Lease[]): Compared {
  const shared = leases.filter(({ relationship }) => relationship !== null).map(({ key }) => key)
  const { data, error } = useQuery({ ...leaseComparisonQuery(shared), enabled: shared.length > 0 })
  return {
    answer: data,
    items: asRowsSay(data?.items ?? [], leases),
    byKey: new Map(data?.items.map((item) => [item.key, item])),
    failure: error === null ? undefined : failureOf(error).message,
  }
}

export function ComparisonNote({ of: { answer, items, failure } }: { readonly of: Compared }) {
  // Said aloud once for each comparison, and not with each row that changes.
  const lines = answer?.partners.map((partner) => summaryOf(partner, answer.items)) ?? []
  if (failure !== undefined) {
    return (
      <p className="table-note">
        <span className="row">
          <Icon name="unlinked" /> Not compared with the partner: {failure}
        </span>
      </p>
    )
  }
  if (answer === undefined) return null
  return (
    <>
      <Polite text={lines.join('; ')} />
      {answer.partners.map((partner) => (
        <PartnerLine key={partner.relationship} partner={partner} items={items} />
      ))}
    </>
  )
}

interface PartnerLineProps {
  readonly partner: ComparedPartner
  readonly items: readonly LeaseComparison[]
}

function PartnerLine({ partner, items }: PartnerLineProps) {
  const { relationship, problem, asOf, serverName } = partner
  const relationships = useQuery(relationshipsQuery)
  const url = relationships.data?.find(({ name }) => name === relationship)?.partnerConsoleUrl ?? null
  const stands = isWorthALook(items, partner)
  return (
    <p className="table-note">
      <span className="row">
        <Icon name={problem !== null ? 'unlinked' : stands ? 'degraded' : 'ok'} />
        <span className="compared-ago muted">
          asked <Moment at={asOf} show="ago" />
        </span>
        <span>{summaryOf(partner, items)}</span>
      </span>
      {(stands || problem !== null) && url !== null && (
        <PartnerConsoleLink relationship={relationship} partnerName={serverName} url={url} />
      )}
    </p>
  )
}
