/** Instants and durations of the engine; wall-clock because lease times must survive a restart. */

declare const instantBrand: unique symbol

/** Milliseconds since 1970-01-01T00:00:00Z. Whoever calls the engine supplies it; the engine never reads a clock. */
export type Instant = number & { readonly [instantBrand]: true }

export function instant(unixMs: number): Instant {
  return unixMs as Instant
}

export function addSeconds(from: Instant, seconds: number): Instant {
  return instant(from + seconds * 1000)
}

export function addMs(from: Instant, ms: number): Instant {
  return instant(from + ms)
}

/** Whole seconds from `now` until `until`; zero when it is past. */
export function secondsUntil(now: Instant, until: Instant): number {
  return until <= now ? 0 : Math.floor((until - now) / 1000)
}

export function latest(first: Instant, ...others: readonly (Instant | undefined)[]): Instant {
  let result = first
  for (const other of others) {
    if (other !== undefined && other > result) result = other
  }
  return result
}

export function earliest(...candidates: readonly (Instant | undefined)[]): Instant | undefined {
  let result: Instant | undefined
  for (const candidate of candidates) {
    if (candidate !== undefined && (result === undefined || candidate < result)) result = candidate
  }
  return result
}

export function isDue(at: Instant | undefined, now: Instant): boolean {
  return at !== undefined && at <= now
}
