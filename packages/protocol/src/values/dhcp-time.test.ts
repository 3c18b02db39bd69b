/** Wire times: the epoch, rounding down, and the wrap in 2136. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dhcpTimeDifferenceSeconds, dhcpTimeFromNumber, fromDhcpTime, toDhcpTime } from './dhcp-time.ts'

const EPOCH_MS = 946_684_800_000
const WRAP_MS = EPOCH_MS + 2 ** 32 * 1000

describe('DHCP times', () => {
  it('count whole seconds from the first of January 2000', () => {
    expect(toDhcpTime(EPOCH_MS)).toBe(0)
    expect(toDhcpTime(EPOCH_MS + 999)).toBe(0)
    expect(toDhcpTime(EPOCH_MS + 1000)).toBe(1)
    expect(toDhcpTime(Date.UTC(2026, 10, 21))).toBe(Date.UTC(2026, 10, 21) / 1000 - 946_684_800)
  })

  it('wrap below zero and above 2^32', () => {
    expect(toDhcpTime(EPOCH_MS - 1)).toBe(0xffffffff)
    expect(toDhcpTime(WRAP_MS)).toBe(0)
  })

  it('mean the moment that is nearest', () => {
    expect(fromDhcpTime(dhcpTimeFromNumber(5), WRAP_MS - 5000)).toBe(WRAP_MS + 5000)
    expect(fromDhcpTime(dhcpTimeFromNumber(0xfffffffb), WRAP_MS + 5000)).toBe(WRAP_MS - 5000)
    expect(fromDhcpTime(dhcpTimeFromNumber(0), EPOCH_MS)).toBe(EPOCH_MS)
  })

  it('come back whenever the other moment is within 68 years', () => {
    const moment = fc.integer({ min: 0, max: 8_000_000_000 })
    const offset = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })
    fc.assert(
      fc.property(moment, offset, (seconds, offsetSeconds) => {
        expect(fromDhcpTime(toDhcpTime(seconds * 1000), (seconds + offsetSeconds) * 1000)).toBe(seconds * 1000)
      }),
    )
  })

  it('differ by a signed number of seconds', () => {
    expect(dhcpTimeDifferenceSeconds(dhcpTimeFromNumber(2), dhcpTimeFromNumber(0xfffffffe))).toBe(4)
    expect(dhcpTimeDifferenceSeconds(dhcpTimeFromNumber(0xfffffffe), dhcpTimeFromNumber(2))).toBe(-4)
  })
})
