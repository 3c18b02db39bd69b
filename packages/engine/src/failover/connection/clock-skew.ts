/** Time skew between partners (RFC 8156 sections 7.1 and 7.5.1): each message is judged by itself; the average is for people. */
import { dhcpTimeDifferenceSeconds, fromDhcpTime, toDhcpTime, type DhcpTime } from '@tandem/protocol'
import { addMs, type Instant } from '../../time/instant.ts'

export const CLOCK_SKEW_SECONDS_MAX = 5

/** Beyond this the partners come near the five seconds at which they part. */
export const CLOCK_SKEW_WARNING_MS = 2000

/** Enough that one message that waited on its way does not look like a clock. */
const MESSAGES_AVERAGED = 16
/** Fewer say too little for a warning. */
const MESSAGES_TO_WARN = 4
const WARN_AGAIN_AFTER_MS = 10 * 60_000
/** Sent-time is cut to whole seconds: on average half a second is missing. */
const CUT_OFF_MS = 500

/** Positive: the sender's clock is behind ours, or the message was long on its way. In whole seconds, as on the wire. */
export function skewSeconds(sentTime: DhcpTime, arrivedAt: Instant): number {
  return dhcpTimeDifferenceSeconds(toDhcpTime(arrivedAt), sentTime)
}

/** Exactly five seconds are allowed. */
export function isExcessiveSkew(seconds: number): boolean {
  return Math.abs(seconds) > CLOCK_SKEW_SECONDS_MAX
}

/** The moving average of one connection. */
export class ClockSkewAverage {
  readonly #latestMs: number[] = []
  #warnedAt: Instant | undefined

  /** Undefined: nothing was measured yet. Positive: the partner's clock is behind ours. */
  get averageMs(): number | undefined {
    if (this.#latestMs.length === 0) return undefined
    return Math.round(this.#latestMs.reduce((sum, ms) => sum + ms, 0) / this.#latestMs.length)
  }

  add(sentTime: DhcpTime, arrivedAt: Instant): void {
    this.#latestMs.push(arrivedAt - fromDhcpTime(sentTime, arrivedAt) - CUT_OFF_MS)
    if (this.#latestMs.length > MESSAGES_AVERAGED) this.#latestMs.shift()
  }

  /** The average, if somebody is to be told of it now: once in ten minutes while it stays beyond two seconds. */
  takeWarning(now: Instant): number | undefined {
    const { averageMs } = this
    if (averageMs === undefined || this.#latestMs.length < MESSAGES_TO_WARN) return undefined
    if (Math.abs(averageMs) < CLOCK_SKEW_WARNING_MS) return undefined
    if (this.#warnedAt !== undefined && now < addMs(this.#warnedAt, WARN_AGAIN_AFTER_MS)) return undefined
    this.#warnedAt = now
    return averageMs
  }
}
