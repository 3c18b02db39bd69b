/**
 * Both servers on one axis: a lane of states for each, with marks where somebody or something acted. It is walked through
 * with the keyboard from entry to entry, and says the state of both servers at each; the table below has all of it.
 */
import type { Timeline, TimelineEntry } from '@tandem/api-contract'
import { useId, useMemo } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { nearestIndex } from '../../../components/chart-scale.ts'
import { failoverStateTone } from '../../../components/failover-state.tsx'
import { pointOfKey } from '../../../components/point-keys.ts'
import { TimeAxis } from '../../../components/time-axis.tsx'
import { localTime } from '../../../ui/time-words.ts'
import { useWidth } from '../../../ui/use-width.ts'
import { lanesOf, stateAt } from './timeline-bands.ts'
import type { Band, Lane } from './timeline-bands.ts'
import { headlineOf, stateWords } from './timeline-words.ts'
import '../../../components/time-chart.css'

const LANE = 56
const BAND_TOP = 18
const BAND = 26
const FOOT = 22
/** On both sides, so that a mark at the edge is whole. */
const INSET = 7
/** Of a letter of a state in a band. */
const LETTER_PX = 7.4

export interface TimelineLanesProps {
  readonly of: Timeline
  /** Those that are shown, newest first. */
  readonly entries: readonly TimelineEntry[]
  readonly chosen: TimelineEntry | undefined
  readonly choose: (entry: TimelineEntry | undefined) => void
}

export function TimelineLanes({ of, entries, chosen, choose }: TimelineLanesProps) {
  const [plot, width] = useWidth<HTMLDivElement>(600)
  const lanes = useMemo(() => lanesOf(of), [of])
  const oldestFirst = useMemo(() => entries.toReversed(), [entries])
  const fromMs = Date.parse(of.from)
  const toMs = Date.parse(of.to)
  const last = oldestFirst.length - 1
  const told = chosen === undefined ? last : oldestFirst.indexOf(chosen)
  const words = wordsOf(lanes, oldestFirst[told], toMs)
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = pointOfKey(event.key, told, last)
    if (event.key === 'Escape') choose(undefined)
    if (target === undefined) return
    event.preventDefault()
    choose(oldestFirst[target])
  }
  const onPointerMove = (event: PointerEvent): void => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - left - INSET) / Math.max(1, width - 2 * INSET)
    const atMs = fromMs + share * (toMs - fromMs)
    const times = oldestFirst.map(({ at }) => Date.parse(at))
    choose(oldestFirst[nearestIndex(times, atMs)])
  }
  return (
    <figure className="chart">
      <div
        ref={plot}
        className="chart-plot"
        role="slider"
        tabIndex={0}
        aria-label="Timeline of both servers: entry"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, told)}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
      >
        <Drawing {...{ lanes, oldestFirst, width, fromMs, toMs, chosen }} />
      </div>
      <p className="chart-words">{words}</p>
      <ul className="chart-legend" aria-label="Legend of the timeline">
        {legend.map(({ kind, name }) => (
          <li key={kind}>
            <svg className="chart-swatch" aria-hidden>
              <Mark kind={kind} x={13} y={6} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  )
}

const legend = [
  { kind: 'command', name: 'Command of an operator' },
  { kind: 'configuration', name: 'New configuration' },
  { kind: 'start', name: 'Start' },
] as const

function wordsOf(lanes: readonly Lane[], entry: TimelineEntry | undefined, nowMs: number): string {
  if (entry === undefined) return 'Nothing happened in this stretch of time.'
  const atMs = Date.parse(entry.at)
  const states = lanes.map((lane) => `${lane.server.serverName} ${stateWords(stateAt(lane, atMs))}`)
  return `${localTime(atMs, nowMs)} · ${entry.serverName}: ${headlineOf(entry)} · then ${states.join(', ')}`
}

interface DrawingProps {
  readonly lanes: readonly Lane[]
  readonly oldestFirst: readonly TimelineEntry[]
  readonly width: number
  readonly fromMs: number
  readonly toMs: number
  readonly chosen: TimelineEntry | undefined
}

function Drawing({ lanes, oldestFirst, width, fromMs, toMs, chosen }: DrawingProps) {
  const id = useId()
  const share = (atMs: number): number => (atMs - fromMs) / Math.max(1, toMs - fromMs)
  const x = (atMs: number): number => INSET + share(atMs) * (width - 2 * INSET)
  const foot = lanes.length * LANE
  return (
    <svg className="chart-svg" width={width} height={foot + FOOT} aria-hidden>
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className="lane-hatch" x1="0" x2="0" y1="0" y2="6" />
        </pattern>
      </defs>
      {lanes.map((lane, index) => (
        <g key={lane.server.serverName} transform={`translate(0 ${index * LANE})`}>
          <text className="lane-name" x="0" y="12">
            {lane.server.serverName}
          </text>
          <rect className="lane-ground" x={INSET} y={BAND_TOP} width={width - 2 * INSET} height={BAND} />
          {lane.bands.map((band) => (
            <BandDrawing key={band.fromMs} of={band} hatch={id} left={x(band.fromMs)} right={x(band.toMs)} />
          ))}
          {oldestFirst
            .filter(({ serverName, kind }) => serverName === lane.server.serverName && kind !== 'state-change')
            .map(({ id: key, kind, at }) => (
              <Mark key={key} kind={kind} x={x(Date.parse(at))} y={BAND_TOP + BAND} />
            ))}
        </g>
      ))}
      <TimeAxis {...{ fromMs, toMs, width, x }} left={INSET} top={foot} />
      {chosen !== undefined && (
        <line className="chart-cursor" x1={x(Date.parse(chosen.at))} x2={x(Date.parse(chosen.at))} y1={0} y2={foot} />
      )}
    </svg>
  )
}

interface BandDrawingProps {
  readonly of: Band
  readonly hatch: string
  readonly left: number
  readonly right: number
}

/** Its word stands in it where there is room. */
function BandDrawing({ of: { state }, hatch, left, right }: BandDrawingProps) {
  const tone = state === 'not-running' ? 'idle' : failoverStateTone(state)
  const words = stateWords(state)
  // What lasted for a moment is seen all the same.
  const width = Math.max(2, right - left)
  return (
    <g className={`lane-band lane-${tone}`}>
      <rect x={left} y={BAND_TOP} width={width} height={BAND} />
      {state === 'not-running' && (
        <rect x={left} y={BAND_TOP} width={width} height={BAND} style={{ fill: `url(#${hatch})` }} />
      )}
      {width > words.length * LETTER_PX + 8 && (
        <text x={left + 6} y={BAND_TOP + 17}>
          {words}
        </text>
      )}
    </g>
  )
}

function Mark({ kind, x, y }: { readonly kind: TimelineEntry['kind']; readonly x: number; readonly y: number }) {
  if (kind === 'command') return <path className="lane-mark" d={`M${x} ${y - 6}l6 10h-12Z`} />
  if (kind === 'configuration') return <path className="lane-mark" d={`M${x} ${y - 6}l6 6-6 6-6-6Z`} />
  return kind === 'start' ? <circle className="lane-mark" cx={x} cy={y} r="5" /> : null
}
