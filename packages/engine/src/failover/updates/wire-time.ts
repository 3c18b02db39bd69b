/** Instants and the whole seconds that failover tells and compares (RFC 8156 sections 3 and 7.5.1). */
import { dhcpTimeFromNumber, fromDhcpTime, toDhcpTime, type DhcpTime } from '@tandem/protocol'
import { instant, type Instant } from '../../time/instant.ts'

/** Clocks agree within so much; two times nearer than this count as the same (RFC 8156 section 7.5.1). */
export const SAME_TIME_SECONDS = 5

/** Where a time must be sent and there is none; it lies far in the past, so "only if later" never takes it. */
export const NO_TIME: DhcpTime = dhcpTimeFromNumber(0)

export function toWire(at: Instant): DhcpTime {
  return toDhcpTime(at)
}

export function fromWire(time: DhcpTime, now: Instant): Instant {
  return instant(fromDhcpTime(time, now))
}

/** Undefined for "no time" too. */
export function optionalFromWire(time: DhcpTime | undefined, now: Instant): Instant | undefined {
  return time === undefined || time === NO_TIME ? undefined : fromWire(time, now)
}

export function wholeSeconds(at: Instant): number {
  return Math.floor(at / 1000)
}

export function sameSecond(a: Instant | undefined, b: Instant | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return wholeSeconds(a) === wholeSeconds(b)
}
