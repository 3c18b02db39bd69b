/** How a pool is divided, as this server counts it and, where there is a partner, as that does. */
import type { PartnerPool, Pool } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { partnerPoolQuery } from '../../api/queries.ts'
import { shareWords } from '../../components/count-words.ts'
import { CountText } from '../../components/count.tsx'
import { PoolBar } from '../../components/pool-bar.tsx'
import { poolParts } from '../../components/pool-patterns.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Badge } from '../../ui/notice.tsx'
import { countOfPartner } from './both-counts.ts'
import type { CountedPart } from './both-counts.ts'

interface DivisionRow {
  readonly part: CountedPart
  readonly name: string
  readonly meaning: string
}

const rows: readonly DivisionRow[] = [...poolParts, { part: 'total', name: 'Total', meaning: 'All of the pool' }]

export function PoolDivision({ of: pool }: { readonly of: Pool }) {
  return (
    <div className="stack">
      <PoolBar pool={pool} tall />
      {pool.relationship === null ? <DivisionTable pool={pool} /> : <WithPartner pool={pool} />}
    </div>
  )
}

function WithPartner({ pool }: { readonly pool: Pool }) {
  const { data: partner, isError } = useQuery(partnerPoolQuery(pool.id))
  return (
    <>
      <DivisionTable pool={pool} partner={partner} />
      <p className="muted small">{isError ? 'How the partner counts could not be asked for.' : noteOn(partner)}</p>
    </>
  )
}

function noteOn(partner: PartnerPool | undefined) {
  if (partner === undefined) return 'The partner is being asked how it counts…'
  const { serverName, outcome, problem, asOf } = partner
  const asked = (
    <>
      asked <Moment at={asOf} show="ago" />.
    </>
  )
  if (outcome === 'no-pool')
    return (
      <>
        {serverName} has no such pool: the configurations of the two differ, {asked}
      </>
    )
  if (outcome === 'unavailable') {
    return (
      <>
        How {serverName} counts is unavailable ({problem ?? 'no reason is known'}), {asked}
      </>
    )
  }
  return (
    <>
      {serverName} counts for itself. Counts of two moments may differ; a difference that stays is one of records. It
      was {asked}
    </>
  )
}

interface DivisionTableProps {
  readonly pool: Pool
  readonly partner?: PartnerPool | undefined
}

function DivisionTable({ pool, partner }: DivisionTableProps) {
  const counts = partner?.counts ?? undefined
  return (
    <div className="table-frame" role="region" aria-label="Division" tabIndex={0}>
      <table className="table division">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className="number">
              Count
            </th>
            <th scope="col" className="number">
              Share
            </th>
            {counts !== undefined && (
              <th scope="col" className="number">
                As {partner?.serverName} counts
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ part, name, meaning }) => (
            <tr key={part} title={meaning}>
              <th scope="row">{name}</th>
              <td className="number">
                <CountText count={pool[part]} />
              </td>
              <td className="number">{shareWords(pool[part], pool.total)}</td>
              {counts !== undefined && (
                <td className="number">
                  <PartnerCount own={pool[part]} partner={countOfPartner(counts, part)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PartnerCount({ own, partner }: { readonly own: string; readonly partner: string | undefined }) {
  if (partner === undefined) return <span className="muted">unavailable</span>
  return (
    <>
      {partner !== own && <Badge tone="degraded">differs</Badge>} <CountText count={partner} />
    </>
  )
}
