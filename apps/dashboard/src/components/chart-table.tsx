/** All points of a chart as a table, newest first; put together only while somebody looks at it. */
import { useState } from 'react'
import { fullTime, localTime } from '../ui/time-words.ts'
import { groupedDigits } from './count-words.ts'
import type { PoolPart } from './pool-patterns.tsx'

export interface ChartSeries {
  readonly key: string
  readonly name: string
  readonly meaning?: string
  /** Whose colour and pattern it has. */
  readonly look: PoolPart
}

export interface ChartPoint {
  readonly atMs: number
  /** One for each series: decimal digits, however many. */
  readonly values: readonly string[]
}

export interface ChartTableProps {
  readonly title: string
  readonly series: readonly ChartSeries[]
  readonly points: readonly ChartPoint[]
}

export function ChartTable({ title, series, points }: ChartTableProps) {
  const [isOpen, setOpen] = useState(false)
  const nowMs = points.at(-1)?.atMs ?? 0
  return (
    <details className="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} as a table<span className="muted"> · {points.length} points</span>
      </summary>
      {isOpen && (
        <div className="table-frame chart-table-frame" role="region" aria-label={`${title}, table`} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ key, name }) => (
                  <th key={key} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map(({ atMs, values }) => (
                <tr key={atMs}>
                  <th scope="row" className="nowrap">
                    <time dateTime={new Date(atMs).toISOString()} title={fullTime(atMs)}>
                      {localTime(atMs, nowMs)}
                    </time>
                  </th>
                  {series.map(({ key }, index) => (
                    <td key={key} className="number">
                      {groupedDigits(values[index] ?? '0')}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}
