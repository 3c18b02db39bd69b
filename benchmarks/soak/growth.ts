/** Whether a figure that was looked at once a minute still grows: a straight line through the later part of the run. */

export interface Point {
  readonly minute: number
  readonly value: number
}

/** `levelling off`: it grew, and far less in the last half of what was looked at than in the half before. */
export type Verdict = 'level' | 'levelling off' | 'grows' | 'too short to tell'

export interface Growth {
  readonly first: number
  readonly last: number
  /** Of the fitted part; undefined: too few points. */
  readonly perHour: number | undefined
  readonly verdict: Verdict
}

/** Caches fill and code is compiled at the beginning: this part of the run is not fitted. */
const BEGINNING = 1 / 3
const POINTS_MIN = 6
/** A slope counts when it is clear of its own uncertainty (standard errors), and worth a word (parts of the mean). */
const STANDARD_ERRORS = 3
const PART_PER_HOUR_MIN = 0.05
const PART_GROWN_MIN = 0.01
const LEVELLING_PART = 0.5

export function growthOf(points: readonly Point[]): Growth {
  const first = points[0]?.value
  const last = points.at(-1)?.value
  if (first === undefined || last === undefined) throw new Error('the growth of no points')
  const fitted = points.slice(Math.floor(points.length * BEGINNING))
  if (fitted.length < POINTS_MIN) return { first, last, perHour: undefined, verdict: 'too short to tell' }
  const { perMinute, standardError } = lineThrough(fitted)
  const isClear = perMinute - STANDARD_ERRORS * standardError > 0
  const mean = fitted.reduce((total, { value }) => total + value, 0) / fitted.length
  const minutes = (fitted.at(-1)?.minute ?? 0) - (fitted[0]?.minute ?? 0)
  const isWorthAWord = 60 * perMinute > PART_PER_HOUR_MIN * mean && minutes * perMinute > PART_GROWN_MIN * mean
  return { first, last, perHour: 60 * perMinute, verdict: isClear && isWorthAWord ? howItGrows(fitted) : 'level' }
}

function howItGrows(points: readonly Point[]): Verdict {
  const middle = Math.floor(points.length / 2)
  const before = lineThrough(points.slice(0, middle)).perMinute
  const after = lineThrough(points.slice(middle)).perMinute
  return after < LEVELLING_PART * before ? 'levelling off' : 'grows'
}

export interface Line {
  readonly perMinute: number
  /** Of `perMinute`; 0 through two points. */
  readonly standardError: number
}

/** By least squares; at least two points at different minutes. */
export function lineThrough(points: readonly Point[]): Line {
  const mean = (pick: (point: Point) => number): number =>
    points.reduce((total, point) => total + pick(point), 0) / points.length
  const minuteMean = mean(({ minute }) => minute)
  const valueMean = mean(({ value }) => value)
  const spread = points.reduce((total, { minute }) => total + (minute - minuteMean) ** 2, 0)
  if (spread === 0) throw new Error('a line needs two different minutes')
  const together = points.reduce((total, { minute, value }) => total + (minute - minuteMean) * (value - valueMean), 0)
  const perMinute = together / spread
  const residual = points.reduce((total, { minute, value }) => {
    return total + (value - valueMean - perMinute * (minute - minuteMean)) ** 2
  }, 0)
  const standardError = points.length <= 2 ? 0 : Math.sqrt(residual / (points.length - 2) / spread)
  return { perMinute, standardError }
}
