/** The picture of a chart: axes, and lines or areas with gaps where the server did not run. Heard is none of it. */
import { markWords, stretchesOf, valueMarks } from './chart-scale.ts'
import type { ChartPoint, ChartSeries } from './chart-table.tsx'
import { PoolPatterns } from './pool-patterns.tsx'
import type { PoolPart } from './pool-patterns.tsx'
import { TimeAxis } from './time-axis.tsx'

/** Left of the plot, for the marks of the values. */
export const GUTTER = 64
const HEIGHT = 168
const FOOT = 20
const TOP = 8

/** By the place of a series: a solid line, dashes, dots. */
const STROKES = [undefined, '8 4', '2 3'] as const

interface Drawn {
  readonly series: readonly ChartSeries[]
  readonly points: readonly ChartPoint[]
  readonly stacked: boolean
  readonly id: string
}

export interface ChartDrawingProps extends Drawn {
  readonly width: number
  readonly stepMs: number
  readonly fromMs: number
  readonly toMs: number
  /** The place of the point that somebody looks at. */
  readonly chosen: number | undefined
}

export function ChartDrawing(props: ChartDrawingProps) {
  const { series, points, stacked, id, width, stepMs, fromMs, toMs, chosen } = props
  const heights = points.map(({ values }) => heightsOf(series, values, stacked))
  const marks = valueMarks(Math.max(0, ...heights.flat()))
  const largest = marks.at(-1) ?? 1
  const x = (atMs: number): number => GUTTER + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * (width - GUTTER - 4)
  const y = (value: number): number => TOP + (1 - value / largest) * (HEIGHT - TOP - FOOT)
  const stretches = stretchesOf(
    points.map(({ atMs }) => atMs),
    stepMs,
  )
  const at = (index: number, place: number): string =>
    `${x(points[index]?.atMs ?? fromMs).toFixed(1)} ${y(place < 0 ? 0 : (heights[index]?.[place] ?? 0)).toFixed(1)}`
  const along = (place: number, [first, last]: readonly [number, number]): readonly string[] =>
    Array.from({ length: last - first + 1 }, (_, offset) => at(first + offset, place))
  const chosenPoint = chosen === undefined ? undefined : points[chosen]
  return (
    <svg className="chart-svg" width={width} height={HEIGHT} aria-hidden>
      <PoolPatterns id={id} />
      {marks.map((mark) => (
        <g key={mark}>
          <line className="chart-grid" x1={GUTTER} x2={width} y1={y(mark)} y2={y(mark)} />
          <text className="chart-mark" x={GUTTER - 6} y={y(mark) + 4} textAnchor="end">
            {markWords(mark)}
          </text>
        </g>
      ))}
      <TimeAxis {...{ fromMs, toMs, width, x }} left={GUTTER} top={HEIGHT - FOOT} />
      {series.map(({ key, look }, place) =>
        stretches.map((stretch) => (
          <g key={`${key} ${stretch[0]}`} className={`part-${look}`}>
            {stacked ? (
              <path
                className="chart-area"
                fill={`url(#${id}-${look})`}
                d={`M${[...along(place, stretch), ...along(place - 1, stretch).toReversed()].join('L')}Z`}
              />
            ) : null}
            <path
              className="chart-line"
              strokeDasharray={stacked ? undefined : STROKES[place]}
              // One point alone is a dot.
              d={`M${along(place, stretch).join('L')}${stretch[0] === stretch[1] ? 'h0.1' : ''}`}
            />
          </g>
        )),
      )}
      {chosenPoint !== undefined && chosen !== undefined && (
        <>
          <line
            className="chart-cursor"
            x1={x(chosenPoint.atMs)}
            x2={x(chosenPoint.atMs)}
            y1={TOP}
            y2={HEIGHT - FOOT}
          />
          {series.map(({ key, look }, place) => (
            <circle
              key={key}
              className={`chart-dot part-${look}`}
              cx={x(chosenPoint.atMs)}
              cy={y(heights[chosen]?.[place] ?? 0)}
              r="4"
            />
          ))}
        </>
      )}
    </svg>
  )
}

/** Of stacked ones the upper edge of each. */
function heightsOf(series: readonly ChartSeries[], values: readonly string[], stacked: boolean): readonly number[] {
  let below = 0
  return series.map((_, place) => {
    const own = Number(values[place] ?? '0')
    if (!stacked) return own
    below += own
    return below
  })
}

interface ChartSwatchProps {
  readonly id: string
  readonly look: PoolPart
  readonly index: number
  readonly stacked: boolean
}

export function ChartSwatch({ id, look, index, stacked }: ChartSwatchProps) {
  return (
    <svg className={`chart-swatch part-${look}`} aria-hidden>
      {stacked && <PoolPatterns id={`${id}-${index}`} />}
      {stacked ? (
        <rect width="100%" height="100%" fill={`url(#${id}-${index}-${look})`} />
      ) : (
        <line className="chart-line" x1="1" x2="25" y1="6" y2="6" strokeDasharray={STROKES[index]} />
      )}
    </svg>
  )
}
