/** How full the pools are, who may give what is free, and how long it lasts; the bars say it at a glance, the table in numbers. */
import type { Pool } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { poolsQuery } from '../../api/queries.ts'
import { shareWords } from '../../components/count-words.ts'
import { CountText } from '../../components/count.tsx'
import { Forecast } from '../../components/forecast.tsx'
import { PoolBar, PoolLegend } from '../../components/pool-bar.tsx'
import { poolParts } from '../../components/pool-patterns.tsx'
import { DrainMark } from '../../features/drain-pool/drain-mark.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { PoolOrigin } from './pool-origin.tsx'
import './pools.css'

export function PoolsPage() {
  const pools = useQuery(poolsQuery)
  const publishedAt = pools.data?.publishedAt
  return (
    <Page
      title="Pools"
      lead={
        publishedAt === undefined ? undefined : (
          <>
            Counted <Moment at={publishedAt} show="ago" />
          </>
        )
      }
      acts={<PoolLegend />}
    >
      <section className="card" aria-label="Pools">
        <Answer to={pools} what="the pools">
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="pools" title="No pools are configured">
                <p>Pools stand in the configuration file, below their subnets.</p>
              </Empty>
            ) : (
              <PoolsTable pools={items} />
            )
          }
        </Answer>
      </section>
    </Page>
  )
}

function PoolsTable({ pools }: { readonly pools: readonly Pool[] }) {
  return (
    <div className="table-frame" role="region" aria-label="Pools, table" tabIndex={0}>
      <table className="table pools-table">
        <thead>
          <tr>
            <th scope="col">Pool</th>
            <th scope="col" className="pool-bar-column">
              Division
            </th>
            {poolParts.map(({ part, name, meaning }) => (
              <th key={part} scope="col" className="number" title={meaning}>
                {name}
              </th>
            ))}
            <th scope="col" className="number">
              Total
            </th>
            <th scope="col">Runs out</th>
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <PoolRow key={pool.id} pool={pool} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PoolRow({ pool }: { readonly pool: Pool }) {
  return (
    <tr>
      <th scope="row">
        <Link to={paths.pool(pool.id)} className="mono pool-id">
          {pool.id}
        </Link>
        <span className="fact-why">
          <PoolOrigin of={pool} />
        </span>
        <DrainMark of={pool} />
      </th>
      <td className="pool-bar-column">
        <PoolBar pool={pool} tall />
        <span className="fact-why">{shareWords(pool.leased, pool.total)} leased</span>
      </td>
      {poolParts.map(({ part, name }) => (
        <td key={part} className="number" data-name={name}>
          <CountText count={pool[part]} />
        </td>
      ))}
      <td className="number" data-name="Total">
        <CountText count={pool.total} />
      </td>
      <td className="pool-forecast" data-name="Runs out">
        <Forecast forecast={pool.forecast.present} brief />
        {pool.forecast.ifPartnerDown !== null && pool.draining === null && (
          <span className="fact-why">
            partner down: <Forecast forecast={pool.forecast.ifPartnerDown} brief />
          </span>
        )}
      </td>
    </tr>
  )
}
