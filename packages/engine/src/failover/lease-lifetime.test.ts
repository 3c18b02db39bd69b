/** The worked example of RFC 8156 section 4.4.1 with its numbers, and whose clock may end a lease. */
import { describe, expect, it } from 'vitest'
import { address, TEST_START } from '../../test-support/failover-pair.ts'
import type { Binding } from '../bindings/binding.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { boundedLifetime, expiresByOwnClockAt, unboundedLifetime } from './lease-lifetime.ts'

const HOUR = 3600
const THREE_DAYS = 259_200
const t = TEST_START

function lease(changes: Partial<Binding>): Binding {
  return {
    kind: 'address',
    prefix: { address: address('2001:db8:1::1001'), length: 128 },
    subnetId: '2001:db8:1::/64',
    relationship: 'pair',
    status: 'ACTIVE',
    client: undefined,
    statusSince: t,
    statusExpiresAt: addSeconds(t, 3600),
    t1Seconds: 0,
    t2Seconds: 0,
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: undefined,
    partnerHeardClientAt: undefined,
    expirationTime: undefined,
    ackedPartnerLifetime: undefined,
    partnerLifetime: undefined,
    owedToPartner: false,
    updateSent: false,
    relayData: undefined,
    clientFqdn: undefined,
    ...changes,
  }
}

describe('the worked example of MCLT: one hour, desired three days', () => {
  const validAt = (seconds: number, ackedPartnerLifetime: Instant | undefined): number =>
    boundedLifetime(lease({ ackedPartnerLifetime }), THREE_DAYS, HOUR, addSeconds(t, seconds)).validSeconds

  it('gives one hour at first', () => {
    expect(boundedLifetime(undefined, THREE_DAYS, HOUR, t)).toMatchObject({ validSeconds: HOUR, limitedBy: 'mclt' })
  })

  it('gives three days at the first renewal, after half an hour', () => {
    expect(validAt(1800, addSeconds(t, 261_000))).toBe(THREE_DAYS)
  })

  it('gives three days again at the second renewal, a day and a half later', () => {
    expect(validAt(131_400, addSeconds(t, 390_600))).toBe(THREE_DAYS)
  })

  it('falls back to one hour when acknowledgements have stopped', () => {
    expect(validAt(400_000, addSeconds(t, 390_600))).toBe(HOUR)
  })

  it('never exceeds what was acknowledged by more than MCLT', () => {
    for (const seconds of [0, 1, 59_999, 100_000, 300_000]) {
      const acked = addSeconds(t, 100_000)
      const now = addSeconds(t, seconds)
      const { validSeconds } = boundedLifetime(lease({ ackedPartnerLifetime: acked }), THREE_DAYS, HOUR, now)
      expect(addSeconds(now, validSeconds)).toBeLessThanOrEqual(addSeconds(acked > now ? acked : now, HOUR))
    }
  })

  it('is not used where the server acts alone', () => {
    const decision = unboundedLifetime(undefined, THREE_DAYS, 'RFC 8156 8.4.1')
    expect(decision).toMatchObject({ validSeconds: THREE_DAYS, limitedBy: 'configuration', mcltSeconds: undefined })
  })
})

describe('the end of a lease by our own clock', () => {
  it('comes at its expiry when we heard the client last', () => {
    const own = lease({
      clientHeardAt: addSeconds(t, 10),
      partnerHeardClientAt: t,
      expirationTime: addSeconds(t, 9000),
    })
    expect(expiresByOwnClockAt(own)).toBe(addSeconds(t, 3600))
  })

  it('waits for what we acknowledged when the partner heard the client last', () => {
    const partners = lease({ partnerHeardClientAt: t, expirationTime: addSeconds(t, 9000) })
    expect(expiresByOwnClockAt(partners)).toBe(addSeconds(t, 9005))
  })

  it('does not come for a lease that is not ACTIVE', () => {
    expect(expiresByOwnClockAt(lease({ status: 'RELEASED' }))).toBeUndefined()
  })
})
