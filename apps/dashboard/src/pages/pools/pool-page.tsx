/** One pool: when it runs out, how it is divided, and how both came about. */
import { poolKeyOf } from '@tandem/api-contract'
import type { Pool, PoolForecast, PoolPoint } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { poolHistoryQuery, poolsQuery } from '../../api/queries.ts'
import { rateWords, supplyWords } from '../../components/forecast-words.ts'
import { Forecast } from '../../components/forecast.tsx'
import { poolParts } from '../../components/pool-patterns.tsx'
import type { PoolPart } from '../../components/pool-patterns.tsx'
import { TimeChart } from '../../components/time-chart.tsx'
import type { ChartSeries } from '../../components/time-chart.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { Page } from '../../ui/page.tsx'
import { HistoryRanges, useHistoryView } from '../../features/history-ranges/history-ranges.tsx'
import { PoolDrain } from './pool-drain.tsx'
import { PoolDivision } from './pool-division.tsx'
import { PoolOrigin } from './pool-origin.tsx'
import './pools.css'

export function PoolPage() {
  const { pool: key = '' } = useParams()
  const pools = useQuery(poolsQuery)
  const found = pools.data?.items.find(({ id }) => poolKeyOf(id) === key)
  return (
    <Page
      title={`Pool ${found?.id ?? key}`}
      lead={found === undefined ? undefined : <PoolOrigin of={found} />}
      acts={<Link to={paths.pools()}>All pools</Link>}
    >
      <Answer to={pools} what="the pool">
        {({ items }) =>
          found === undefined ? (
            <section className="card">
              <Empty icon="search" title={`This server has no pool ${key}`}>
                <p>Pools stand in the configuration file, below their subnets.</p>
              </Empty>
            </section>
          ) : (
            <>
              <div className="pool-grid">
                <div className="stack">
                  <Card title="When it runs out">
                    <Forecasts of={found} />
                  </Card>
                  <PoolDrain of={found} pools={items} />
                </div>
                <Card title="How it is divided now">
                  <PoolDivision of={found} />
                </Card>
              </div>
              <Histories of={found} />
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function Forecasts({ of: { forecast, draining } }: { readonly of: Pool }) {
  const { present, ifPartnerDown } = forecast
  if (draining !== null) {
    return (
      <Facts>
        <Fact name="As things are" why="It is being drained, so new clients get nothing of it">
          <Forecast forecast={present} />
        </Fact>
      </Facts>
    )
  }
  return (
    <Facts>
      <Fact name="As things are" why={whyOf(present)}>
        <Forecast forecast={present} />
      </Fact>
      {ifPartnerDown !== null && (
        <Fact name="If the partner were declared down" why={whyOf(ifPartnerDown)}>
          <Forecast forecast={ifPartnerDown} />
        </Fact>
      )}
    </Facts>
  )
}

function whyOf(forecast: PoolForecast): string {
  return forecast.from === null
    ? rateWords(forecast)
    : `New clients get ${supplyWords(forecast)}; ${rateWords(forecast)}`
}

const seriesOf = (...parts: readonly PoolPart[]): readonly ChartSeries[] =>
  parts.map((look) => {
    const { name = look, meaning = '' } = poolParts.find(({ part }) => part === look) ?? {}
    return { key: look, look, name, meaning }
  })

const inUse = seriesOf('leased', 'waiting', 'quarantined')
const free = seriesOf('ownFree', 'partnerFree')
/** Without a partner there is no other side. */
const ownOnly = seriesOf('ownFree')

function Histories({ of: { id, relationship } }: { readonly of: Pool }) {
  const view = useHistoryView()
  const { range, isHeld } = view
  const history = useQuery(poolHistoryQuery(id, range, isHeld))
  const { stepSeconds, seconds } = range
  const freeSeries = relationship === null ? ownOnly : free
  return (
    <Card title="How it was" aside={<HistoryRanges view={view} />}>
      <Answer to={history} what="the history of the pool">
        {(points) => (
          <div className="pool-charts">
            <section aria-label="In use">
              <h3>In use</h3>
              <TimeChart
                title="In use"
                series={inUse}
                points={points.map((point) => valuesOf(point, inUse))}
                {...{ stepSeconds, seconds }}
              />
            </section>
            <section aria-label="Free, and whose">
              <h3>Free, and whose</h3>
              <TimeChart
                stacked
                title="Free, and whose"
                series={freeSeries}
                points={points.map((point) => valuesOf(point, freeSeries))}
                {...{ stepSeconds, seconds }}
              />
            </section>
          </div>
        )}
      </Answer>
    </Card>
  )
}

function valuesOf(point: PoolPoint, series: readonly ChartSeries[]) {
  return { atMs: Date.parse(point.at), values: series.map(({ look }) => point[look]) }
}
