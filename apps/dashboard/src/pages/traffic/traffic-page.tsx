/** What clients asked this server and were answered over time. */
import type { TrafficPoint } from '@tandem/api-contract'
import { useQuery } from '@tanstack/react-query'
import { trafficQuery } from '../../api/queries.ts'
import { TimeChart } from '../../components/time-chart.tsx'
import type { ChartSeries } from '../../components/time-chart.tsx'
import { HistoryRanges, useHistoryView } from '../../features/history-ranges/history-ranges.tsx'
import { Answer } from '../../features/show-answer/answer.tsx'
import { Card } from '../../ui/card.tsx'
import { Page } from '../../ui/page.tsx'

const series: readonly ChartSeries[] = [
  { key: 'replies', name: 'Replies', meaning: 'Datagrams sent to clients and relays', look: 'leased' },
  { key: 'requests', name: 'Requests', meaning: 'Datagrams of clients and relays', look: 'ownFree' },
  {
    key: 'unanswered',
    name: 'Unanswered',
    meaning: 'Datagrams that got no answer and were not the partner’s to answer',
    look: 'quarantined',
  },
]

export function TrafficPage() {
  const view = useHistoryView()
  const { range, isHeld } = view
  const traffic = useQuery(trafficQuery(range, isHeld))
  const { stepSeconds, seconds } = range
  return (
    <Page title="Traffic" lead="Datagrams of clients and relays at this server, by the minute">
      <Card title="Requests and replies a minute" aside={<HistoryRanges view={view} />}>
        <Answer to={traffic} what="the traffic">
          {(points) => (
            <TimeChart
              title="Requests and replies a minute"
              series={series}
              points={points.map(aMinute)}
              {...{ stepSeconds, seconds }}
            />
          )}
        </Answer>
      </Card>
    </Page>
  )
}

/** By the time that was counted: in a step in which the server was started it is not all of it. */
function aMinute({ at, coveredSeconds, replies, requests, unanswered }: TrafficPoint) {
  const rate = (count: string): string => Math.round((Number(count) * 60) / Math.max(1, coveredSeconds)).toString()
  return { atMs: Date.parse(at), values: [replies, requests, unanswered].map(rate) }
}
