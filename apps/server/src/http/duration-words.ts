/** Durations as people say them: coarse, since a sentence is read and not measured. */

const UNITS = [
  { word: 'd', seconds: 86_400 },
  { word: 'h', seconds: 3_600 },
  { word: 'min', seconds: 60 },
] as const

/** Below a minute in steps of ten seconds, so that a sentence does not change with every second. */
export function durationWords(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  if (seconds < 10) return 'a few seconds'
  if (seconds < 60) return `${seconds - (seconds % 10)} s`
  return exactWords(seconds - (seconds % (seconds < 86_400 ? 60 : 3_600)))
}

/** Every second counts: for configured times. */
export function exactWords(seconds: number): string {
  const parts: string[] = []
  let left = Math.round(seconds)
  for (const unit of UNITS) {
    const count = Math.floor(left / unit.seconds)
    left -= count * unit.seconds
    if (count > 0) parts.push(`${count} ${unit.word}`)
  }
  if (left > 0 || parts.length === 0) parts.push(`${left} s`)
  return parts.slice(0, 2).join(' ')
}
