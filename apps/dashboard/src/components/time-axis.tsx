/** Round local times below a picture of what happened over time. */
import { timeMarks } from './chart-scale.ts'

const MARK_EVERY_PX = 90
const DAY_MS = 86_400_000

export interface TimeAxisProps {
  readonly fromMs: number
  readonly toMs: number
  /** Of the whole picture, in CSS pixels. */
  readonly width: number
  /** Where the times begin. */
  readonly left: number
  /** Where the axis stands below what is drawn. */
  readonly top: number
  readonly x: (atMs: number) => number
}

export function TimeAxis({ fromMs, toMs, width, left, top, x }: TimeAxisProps) {
  const zoneMs = -new Date(toMs).getTimezoneOffset() * 60_000
  const marks = timeMarks(fromMs, toMs, Math.max(2, Math.floor((width - left) / MARK_EVERY_PX)), zoneMs)
  return marks.map((mark) => (
    <g key={mark}>
      <line className="chart-grid" x1={x(mark)} x2={x(mark)} y1={top} y2={top + 4} />
      <text
        className="chart-mark"
        x={x(mark)}
        y={top + 16}
        textAnchor={x(mark) > width - 30 ? 'end' : x(mark) < left + 24 ? 'start' : 'middle'}
      >
        {timeWords(mark, toMs - fromMs)}
      </text>
    </g>
  ))
}

function timeWords(at: number, spanMs: number): string {
  const date = new Date(at)
  return spanMs > 2 * DAY_MS
    ? date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}
