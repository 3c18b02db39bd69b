/** What of a view counts as a change: a replacer for JSON.stringify, so that nothing is told again which says nothing new. */

/** Fields that change although nothing has happened. */
const RESTLESS: ReadonlySet<string> = new Set([
  'now',
  'uptimeSeconds',
  'commitNumber',
  'publishedAt',
  'windowSeconds',
  'clockOffsetMs',
])
/** The age of what the partner tells is shown, so that it moves too, though not with every question. */
const AGE_STEP_MS = 5_000

export function shownPart(name: string, value: unknown): unknown {
  if (name === 'asOf' && typeof value === 'string') return Math.floor(Date.parse(value) / AGE_STEP_MS)
  return RESTLESS.has(name) ? undefined : value
}
