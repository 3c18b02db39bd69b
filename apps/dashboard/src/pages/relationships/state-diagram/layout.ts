/** Where the ten states stand, by hand since they never move: side by side where there is room, in two columns where there is not. */
import type { FailoverState } from '@tandem/api-contract'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface StateLayout {
  readonly width: number
  readonly height: number
  /** Of every state's box. */
  readonly box: { readonly width: number; readonly height: number }
  /** The middle of each state's box. */
  readonly at: Readonly<Record<FailoverState, Point>>
  /** Where the straight way would run beneath another state: the two points that pull the curve aside. */
  readonly bends: Readonly<Partial<Record<`${FailoverState}>${FailoverState}`, readonly [Point, Point]>>>
}

const p = (x: number, y: number): Point => ({ x, y })

/** Recovery above, conflict below, service between them from left to right. */
export const wideLayout: StateLayout = {
  width: 720,
  height: 300,
  box: { width: 150, height: 56 },
  at: {
    recover: p(80, 36),
    'recover-wait': p(262, 36),
    'recover-done': p(444, 36),
    'partner-down': p(80, 150),
    'communications-interrupted': p(262, 150),
    normal: p(444, 150),
    startup: p(640, 150),
    'resolution-interrupted': p(80, 264),
    'potential-conflict': p(262, 264),
    'conflict-done': p(444, 264),
  },
  bends: {
    'normal>partner-down': [p(380, 78), p(144, 78)],
    'partner-down>normal': [p(144, 222), p(380, 222)],
    'recover>potential-conflict': [p(168, 92), p(174, 200)],
    'recover-done>potential-conflict': [p(356, 92), p(350, 200)],
    'startup>communications-interrupted': [p(560, 76), p(360, 80)],
    'startup>partner-down': [p(570, 232), p(190, 226)],
    'startup>recover': [p(560, 70), p(210, 112)],
    'startup>recover-wait': [p(560, 76), p(350, 90)],
    'startup>potential-conflict': [p(560, 224), p(350, 210)],
    'startup>resolution-interrupted': [p(560, 230), p(210, 188)],
  },
}

const LEFT = 92
const RIGHT = 254
const row = (index: number): number => 38 + index * 98
/** Beside the left column, and between the two: what a curve is pulled towards. */
const MARGIN = -2
const GUTTER = 173

export const narrowLayout: StateLayout = {
  width: 326,
  height: 468,
  box: { width: 136, height: 56 },
  at: {
    startup: p(LEFT, row(0)),
    recover: p(RIGHT, row(0)),
    'partner-down': p(LEFT, row(1)),
    'recover-wait': p(RIGHT, row(1)),
    'communications-interrupted': p(LEFT, row(2)),
    'recover-done': p(RIGHT, row(2)),
    'potential-conflict': p(LEFT, row(3)),
    normal: p(RIGHT, row(3)),
    'resolution-interrupted': p(LEFT, row(4)),
    'conflict-done': p(RIGHT, row(4)),
  },
  bends: {
    'normal>partner-down': [p(GUTTER - 6, row(3) - 14), p(GUTTER - 6, row(1) + 20)],
    'partner-down>normal': [p(GUTTER + 6, row(1) + 8), p(GUTTER + 6, row(3) - 26)],
    'partner-down>potential-conflict': [p(MARGIN, row(1) + 12), p(MARGIN, row(3) - 12)],
    'resolution-interrupted>partner-down': [p(MARGIN, row(4) - 12), p(MARGIN, row(1) + 4)],
    'recover>potential-conflict': [p(GUTTER, row(0) + 14), p(GUTTER, row(3) - 14)],
    'conflict-done>partner-down': [p(GUTTER, row(4) - 14), p(GUTTER, row(1) + 14)],
    'startup>communications-interrupted': [p(MARGIN, row(0) + 12), p(MARGIN, row(2) - 12)],
    'startup>resolution-interrupted': [p(MARGIN, row(0) + 12), p(MARGIN, row(4) - 12)],
    'startup>recover-done': [p(GUTTER, row(0) + 14), p(GUTTER, row(2) - 14)],
    'startup>potential-conflict': [p(GUTTER, row(0) + 14), p(GUTTER, row(3) - 14)],
    'startup>conflict-done': [p(GUTTER, row(0) + 14), p(GUTTER, row(4) - 14)],
  },
}

const DIRECTIONS = {
  ArrowLeft: p(-1, 0),
  ArrowRight: p(1, 0),
  ArrowUp: p(0, -1),
  ArrowDown: p(0, 1),
} as const

export type ArrowKey = keyof typeof DIRECTIONS

export function isArrowKey(key: string): key is ArrowKey {
  return key in DIRECTIONS
}

/** What lies aside counts so much more than what lies straight ahead. */
const ASIDE_WEIGHT = 3

/** The state that an arrow key leads to; at the edge it stays. */
export function neighbourOf(state: FailoverState, key: ArrowKey, { at }: StateLayout): FailoverState {
  const from = at[state]
  const { x, y } = DIRECTIONS[key]
  let best = { state, distance: Number.POSITIVE_INFINITY }
  // The keys of the record are the ten states.
  for (const other of Object.keys(at) as FailoverState[]) {
    const ahead = (at[other].x - from.x) * x + (at[other].y - from.y) * y
    const aside = Math.abs((at[other].x - from.x) * y) + Math.abs((at[other].y - from.y) * x)
    const distance = ahead + ASIDE_WEIGHT * aside
    if (ahead > 0 && distance < best.distance) best = { state: other, distance }
  }
  return best.state
}
