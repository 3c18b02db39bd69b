/** Times in words: how long ago, how long until, and the local clock. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The two largest units that count: `18 min 4 s`, `3 h 2 min`, `2 d 5 h`. */
export function durationWords(ms: number): string {
  const positive = Math.max(0, Math.round(ms / SECOND)) * SECOND
  if (positive < MINUTE) return `${positive / SECOND} s`
  if (positive < HOUR) return joined(positive, MINUTE, 'min', SECOND, 's')
  if (positive < DAY) return joined(positive, HOUR, 'h', MINUTE, 'min')
  return joined(positive, DAY, 'd', HOUR, 'h')
}

function joined(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small)
  const whole = `${Math.floor(ms / large)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}

export function agoWords(at: number, now: number): string {
  const age = now - at
  if (age < -1.5 * SECOND) return `in ${durationWords(-age)}`
  return age < 1.5 * SECOND ? 'just now' : `${durationWords(age)} ago`
}

export function untilWords(at: number, now: number): string {
  const rest = at - now
  if (rest > 0.5 * SECOND) return `in ${durationWords(rest)}`
  return rest > -1.5 * SECOND ? 'now' : `due ${durationWords(-rest)} ago`
}

/** Of what is only reckoned: no seconds, which would say more than anybody knows. */
export function roughlyUntilWords(at: number, now: number): string {
  const rest = at - now
  if (rest <= 0 || rest >= HOUR) return untilWords(at, now)
  return rest < MINUTE ? 'within a minute' : `in ${Math.round(rest / MINUTE)} min`
}

const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }

/** Without the date when it is today's, and without the year when it is this year's. */
export function localTime(at: number, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = (time: number): string => new Date(time).toLocaleDateString('en-CA', zone)
  const time = new Date(at).toLocaleTimeString('en-GB', { ...clock, ...zone })
  if (day(at) === day(now)) return time
  const year = day(at).slice(0, 4) === day(now).slice(0, 4) ? {} : { year: 'numeric' as const }
  return `${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year, ...zone })} ${time}`
}

/** In full, with the zone: for a tooltip. */
export function fullTime(at: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return new Date(at).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...clock,
    timeZoneName: 'short',
    ...zone,
  })
}
