/** Durations of the configuration file: a whole number and its unit, so that no reader has to guess. */

const SECONDS_OF_UNIT: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
])

/** For editors and the published schema. */
export const DURATION_PATTERN = '^[0-9]+[smhd]$'

export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d{1,10})([smhd])$/u.exec(text)
  if (match === null) return undefined
  const unit = SECONDS_OF_UNIT.get(match[2] ?? '')
  return unit === undefined ? undefined : Number(match[1]) * unit
}

/** In the largest unit that leaves a whole number: 5400 is `90m`. */
export function formatDuration(seconds: number): string {
  for (const [unit, size] of [...SECONDS_OF_UNIT].toReversed()) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`
  }
  return `${seconds}s`
}
