/** What a handful of measured values is told as: the middle one, and how far they lie apart. */

export interface Spread {
  readonly lowest: number
  readonly median: number
  readonly highest: number
  readonly count: number
}

/** Throws without any value: a table shows no figure that nobody measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [lowest] = sorted
  const highest = sorted.at(-1)
  if (lowest === undefined || highest === undefined) throw new Error('a spread of no values')
  return { lowest, median: quantileOf(sorted, 0.5), highest, count: sorted.length }
}

/** `quantile` from 0 to 1 of ascending values, between two of them where it falls there. */
export function quantileOf(ascending: readonly number[], quantile: number): number {
  const at = (ascending.length - 1) * quantile
  const below = ascending[Math.floor(at)]
  const above = ascending[Math.ceil(at)]
  if (below === undefined || above === undefined) throw new Error('a quantile of no values')
  return below + (above - below) * (at - Math.floor(at))
}

/** `12.3 (11.9 to 14.0)` */
export function spreadText({ lowest, median, highest }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${lowest.toFixed(digits)} to ${highest.toFixed(digits)})`
}
