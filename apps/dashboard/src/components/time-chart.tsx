/**
 * Counts over time, drawn. It is walked through with the keyboard like a slider, point by point, says each point in words,
 * and has all of them in a table. Series differ by stroke or pattern, not by colour alone.
 */
import { useId, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { durationWords, localTime } from '../ui/time-words.ts'
import { useWidth } from '../ui/use-width.ts'
import { ChartDrawing, ChartSwatch, GUTTER } from './chart-drawing.tsx'
import { nearestIndex } from './chart-scale.ts'
import { ChartTable } from './chart-table.tsx'
import type { ChartPoint, ChartSeries } from './chart-table.tsx'
import { countWords } from './count-words.ts'
import { pointOfKey } from './point-keys.ts'
import './time-chart.css'

export type { ChartPoint, ChartSeries } from './chart-table.tsx'

export interface TimeChartProps {
  /** Of what, for who cannot see it: `Leases in use`. */
  readonly title: string
  readonly series: readonly ChartSeries[]
  /** Oldest first. */
  readonly points: readonly ChartPoint[]
  readonly stepSeconds: number
  /** How long the drawn stretch is; it ends with the last point. */
  readonly seconds: number
  /** Parts of a whole, one upon the other. */
  readonly stacked?: boolean
}

export function TimeChart(props: TimeChartProps) {
  const { stepSeconds, seconds } = props
  // There may be older ones behind a gap.
  const toMs = props.points.at(-1)?.atMs ?? 0
  const points = props.points.filter(({ atMs }) => atMs >= toMs - seconds * 1000)
  if (points.length > 0) return <DrawnChart {...props} points={points} />
  const pace = durationWords(stepSeconds * 1000)
  return <p className="chart-empty muted small">No points yet: one comes every {pace}, as long as this server runs.</p>
}

function DrawnChart({ title, series, points, stepSeconds, seconds, stacked = false }: TimeChartProps) {
  const id = useId()
  const [plot, width] = useWidth<HTMLDivElement>(600)
  /** Undefined: nobody looks at one point, so the newest is told. */
  const [chosenAt, setChosenAt] = useState<number>()
  const times = points.map(({ atMs }) => atMs)
  const last = points.length - 1
  const toMs = times[last] ?? 0
  const fromMs = toMs - seconds * 1000
  const told = chosenAt === undefined ? last : nearestIndex(times, chosenAt)
  const words = wordsOf(points[told], series, toMs)

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = pointOfKey(event.key, told, last)
    if (target !== undefined) {
      event.preventDefault()
      setChosenAt(times[target])
    } else if (event.key === 'Escape') setChosenAt(undefined)
  }
  const onPointerMove = (event: PointerEvent): void => {
    const left = event.currentTarget.getBoundingClientRect().left + GUTTER
    const share = (event.clientX - left) / Math.max(1, width - GUTTER)
    setChosenAt(fromMs + share * (toMs - fromMs))
  }

  return (
    <figure className="chart">
      <ul className="chart-legend" aria-label={`Legend of ${title}`}>
        {series.map(({ key, name, meaning, look }, index) => (
          <li key={key} title={meaning}>
            <ChartSwatch id={`${id}-swatch`} look={look} index={index} stacked={stacked} />
            {name}
          </li>
        ))}
      </ul>
      <div
        ref={plot}
        className="chart-plot"
        role="slider"
        tabIndex={0}
        aria-label={`${title}: point in time`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={told}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setChosenAt(undefined)}
        onBlur={() => setChosenAt(undefined)}
      >
        <ChartDrawing
          {...{ id, width, series, points, stacked, fromMs, toMs }}
          stepMs={stepSeconds * 1000}
          chosen={chosenAt === undefined ? undefined : told}
        />
      </div>
      <p className="chart-words">{words}</p>
      <ChartTable title={title} series={series} points={points} />
    </figure>
  )
}

function wordsOf(point: ChartPoint | undefined, series: readonly ChartSeries[], nowMs: number): string {
  if (point === undefined) return ''
  const values = series.map(({ name }, index) => `${name} ${countWords(point.values[index] ?? '0')}`)
  return `${localTime(point.atMs, nowMs)} · ${values.join(' · ')}`
}
