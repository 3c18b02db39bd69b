/** Which stretch of time a timeline shows, as it stands in its address: how long, and up to when. */

const HOUR_MS = 3_600_000

export const spans = {
  '15m': { name: '15 min', ms: HOUR_MS / 4 },
  '1h': { name: 'Hour', ms: HOUR_MS },
  '6h': { name: '6 hours', ms: 6 * HOUR_MS },
  '24h': { name: '24 hours', ms: 24 * HOUR_MS },
  '7d': { name: '7 days', ms: 168 * HOUR_MS },
  '30d': { name: '30 days', ms: 720 * HOUR_MS },
} as const
export type Span = keyof typeof spans

const SPAN_AT_FIRST: Span = '24h'

export interface TimelineStretch {
  readonly span: Span
  /** Undefined: up to now, and on with it. */
  readonly toMs: number | undefined
}

export function isSpan(text: string): text is Span {
  return Object.hasOwn(spans, text)
}

/** What cannot be read is as if it were not there. */
export function stretchOf(search: URLSearchParams): TimelineStretch {
  const span = search.get('span') ?? ''
  const toMs = Date.parse(search.get('to') ?? '')
  return { span: isSpan(span) ? span : SPAN_AT_FIRST, toMs: Number.isNaN(toMs) ? undefined : toMs }
}

/** A stretch that would reach beyond now goes on with it. */
export function searchOf({ span, toMs }: TimelineStretch, nowMs: number): URLSearchParams {
  const search = new URLSearchParams()
  if (span !== SPAN_AT_FIRST) search.set('span', span)
  if (toMs !== undefined && toMs < nowMs) search.set('to', new Date(toMs).toISOString())
  return search
}

/** Half a stretch, so that what stood at its edge comes into the middle. */
export function moved({ span, toMs }: TimelineStretch, direction: -1 | 1, nowMs: number): TimelineStretch {
  return { span, toMs: (toMs ?? nowMs) + (direction * spans[span].ms) / 2 }
}

/** Another length around the same middle; what goes on with now does so still. */
export function zoomed({ span, toMs }: TimelineStretch, to: Span): TimelineStretch {
  if (toMs === undefined) return { span: to, toMs }
  return { span: to, toMs: toMs - spans[span].ms / 2 + spans[to].ms / 2 }
}
