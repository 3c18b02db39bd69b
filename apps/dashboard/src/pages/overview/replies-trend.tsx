/** Whether clients are served: the answers of the last half hour, drawn beside their number. */
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trafficQuery } from '../../api/queries.ts'
import { Sparkline } from '../../components/sparkline.tsx'
import { paths } from '../../paths.ts'

const MINUTES = 30

/** Nothing until there is something to draw: its place is kept, so that nothing moves. */
export function RepliesTrend() {
  const { data: points = [] } = useQuery(trafficQuery({ step: '10s', seconds: MINUTES * 60 }, false))
  const values = points.map(({ replies, coveredSeconds }) =>
    Math.round((Number(replies) * 60) / Math.max(1, coveredSeconds)),
  )
  const from = Math.min(...values)
  const to = Math.max(...values)
  if (values.length < 2) return <span className="figure-trend" />
  return (
    <Link className="figure-trend" to={paths.traffic()} title={`Answers a minute in the last ${MINUTES} min`}>
      <Sparkline
        values={values}
        label={`Answers a minute in the last ${MINUTES} min: ${from} to ${to}, now ${values.at(-1)}. All numbers`}
      />
    </Link>
  )
}
