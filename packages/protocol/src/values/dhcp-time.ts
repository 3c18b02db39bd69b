/** Absolute times on the wire: seconds since 2000-01-01T00:00:00Z modulo 2^32 (RFC 8156 §3, RFC 7653 §6.3.1). */

declare const dhcpTimeBrand: unique symbol

export type DhcpTime = number & { readonly [dhcpTimeBrand]: true }

const DHCP_EPOCH_UNIX_SECONDS = 946_684_800

export function dhcpTimeFromNumber(seconds: number): DhcpTime {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 0xffffffff) {
    throw new RangeError(`${seconds} is not a 32-bit number of seconds`)
  }
  // The brand says no more than what the lines above have checked.
  return seconds as DhcpTime
}

export function toDhcpTime(unixMs: number): DhcpTime {
  return dhcpTimeFromNumber(modulo32(dhcpSeconds(unixMs)))
}

/** Of all moments that read the same on the wire, the one nearest to `nearUnixMs` (serial-number arithmetic). */
export function fromDhcpTime(time: DhcpTime, nearUnixMs: number): number {
  const near = dhcpSeconds(nearUnixMs)
  const difference = (time - modulo32(near)) | 0
  return (near + difference + DHCP_EPOCH_UNIX_SECONDS) * 1000
}

/** Seconds from `earlier` to `later`, from -2^31 to 2^31 - 1. */
export function dhcpTimeDifferenceSeconds(later: DhcpTime, earlier: DhcpTime): number {
  return (later - earlier) | 0
}

function dhcpSeconds(unixMs: number): number {
  return Math.floor(unixMs / 1000) - DHCP_EPOCH_UNIX_SECONDS
}

function modulo32(seconds: number): number {
  return ((seconds % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000
}
