/** Where things stand in a chart: round marks on both axes, and pieces of a line between gaps. */
import { superscript } from './count-words.ts'

/** Round numbers from zero to at least the largest value: three to five of them. */
export function valueMarks(largest: number): readonly number[] {
  if (!(largest > 0)) return [0, 1]
  const step =
    [4, 3, 2]
      .map((parts) => roundUp(largest / parts))
      .toSorted((a, b) => overshoot(a, largest) - overshoot(b, largest))[0] ?? 1
  const count = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

const overshoot = (step: number, largest: number): number => Math.ceil(largest / step - 1e-9) * step - largest

/** 1, 2, 2.5 or 5 times a power of ten; of leases there are no halves. */
function roundUp(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= value && Number.isInteger(each * power)) ?? 10
  return factor * power
}

/** Shorter than on the page, for the room beside an axis: `7500`, `20k`, `2.5M`, `1.5×10¹⁹`. */
export function markWords(mark: number): string {
  if (mark < 10_000) return String(mark)
  if (mark < 1_000_000) return `${mark / 1000}k`
  if (mark < 1_000_000_000) return `${mark / 1_000_000}M`
  const [mantissa = '', exponent = ''] = mark.toExponential(2).split('e+')
  return `${Number(mantissa)}×10${superscript(Number(exponent))}`
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  3 * DAY,
  7 * DAY,
]

/** Round local times within a stretch, not more than so many; `zoneMs` is how far local time is ahead of UTC. */
export function timeMarks(fromMs: number, toMs: number, countMax: number, zoneMs: number): readonly number[] {
  const step = STEPS.find((each) => (toMs - fromMs) / each <= countMax) ?? 14 * DAY
  const first = Math.ceil((fromMs + zoneMs) / step) * step - zoneMs
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / step) + 1) }, (_, index) => first + index * step)
}

/** Stretches of points that follow each other without a gap, as their first and last places. */
export function stretchesOf(times: readonly number[], stepMs: number): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = []
  for (const [index, at] of times.entries()) {
    const last = stretches.at(-1)
    const before = times[index - 1]
    if (last === undefined || before === undefined || at - before > 2.5 * stepMs) stretches.push([index, index])
    else last[1] = index
  }
  return stretches
}

/** The place of the time that is nearest; -1 without any. */
export function nearestIndex(times: readonly number[], at: number): number {
  let best = -1
  for (const [index, time] of times.entries()) {
    if (best === -1 || Math.abs(time - at) < Math.abs((times[best] ?? 0) - at)) best = index
  }
  return best
}
