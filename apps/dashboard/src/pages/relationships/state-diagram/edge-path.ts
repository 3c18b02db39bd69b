/** The line from one state to another: from border to border, beside the line of the way back, bent where a state is in between. */
import type { FailoverState } from '@tandem/api-contract'
import type { Point, StateLayout } from './layout.ts'

export interface Curve {
  readonly start: Point
  readonly pulls: readonly [Point, Point]
  readonly end: Point
}

export interface EdgePath {
  /** SVG path of the line. */
  readonly line: string
  /** SVG path of the arrow's head. */
  readonly head: string
}

/** Half the room between a way and the way back. */
const BESIDE = 6
const HEAD_LENGTH = 9
const HEAD_HALF_WIDTH = 4.5

export function edgeCurve(from: FailoverState, to: FailoverState, layout: StateLayout, hasWayBack: boolean): Curve {
  const [a, b] = [layout.at[from], layout.at[to]]
  const bend = layout.bends[`${from}>${to}`]
  if (bend !== undefined) {
    return { start: borderTowards(a, bend[0], layout), pulls: bend, end: borderTowards(b, bend[1], layout) }
  }
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const aside = hasWayBack ? BESIDE : 0
  const shift = { x: (-(b.y - a.y) / length) * aside, y: ((b.x - a.x) / length) * aside }
  const start = plus(borderTowards(a, b, layout), shift)
  const end = plus(borderTowards(b, a, layout), shift)
  return { start, pulls: [between(start, end, 1 / 3), between(start, end, 2 / 3)], end }
}

export function edgePath(curve: Curve): EdgePath {
  const { start, pulls, end } = curve
  const before = pulls[1]
  const length = Math.hypot(end.x - before.x, end.y - before.y)
  const along = { x: (end.x - before.x) / length, y: (end.y - before.y) / length }
  const neck = { x: end.x - along.x * HEAD_LENGTH, y: end.y - along.y * HEAD_LENGTH }
  const side = { x: -along.y * HEAD_HALF_WIDTH, y: along.x * HEAD_HALF_WIDTH }
  return {
    line: `M${text(start)}C${text(pulls[0])} ${text(pulls[1])} ${text(neck)}`,
    head: `M${text(end)}L${text(plus(neck, side))}L${text({ x: neck.x - side.x, y: neck.y - side.y })}Z`,
  }
}

/** Points along the curve, from its start to its end. */
export function pointsOf({ start, pulls, end }: Curve, count: number): readonly Point[] {
  return Array.from({ length: count + 1 }, (_, index) => {
    const t = index / count
    const u = 1 - t
    const mix = (key: 'x' | 'y'): number =>
      u ** 3 * start[key] + 3 * u * u * t * pulls[0][key] + 3 * u * t * t * pulls[1][key] + t ** 3 * end[key]
    return { x: mix('x'), y: mix('y') }
  })
}

/** Where the ray from the middle of a box towards a point leaves the box. */
function borderTowards(middle: Point, towards: Point, { box }: StateLayout): Point {
  const dx = towards.x - middle.x
  const dy = towards.y - middle.y
  const share = Math.min(box.width / 2 / Math.abs(dx), box.height / 2 / Math.abs(dy))
  return { x: middle.x + dx * share, y: middle.y + dy * share }
}

const plus = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y })

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
})

const text = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`
