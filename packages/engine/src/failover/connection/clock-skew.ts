/** Time skew between partners (RFC 8156 sections 7.1 and 7.5.1): more than five seconds ends the connection. */
import { dhcpTimeDifferenceSeconds, toDhcpTime, type DhcpTime } from '@tandem/protocol'
import type { Instant } from '../../time/instant.ts'

export const CLOCK_SKEW_SECONDS_MAX = 5

/** Positive: the sender's clock is behind ours, or the message was long on its way. In whole seconds, as on the wire. */
export function skewSeconds(sentTime: DhcpTime, arrivedAt: Instant): number {
  return dhcpTimeDifferenceSeconds(toDhcpTime(arrivedAt), sentTime)
}

export function isExcessiveSkew(seconds: number): boolean {
  return Math.abs(seconds) > CLOCK_SKEW_SECONDS_MAX
}
