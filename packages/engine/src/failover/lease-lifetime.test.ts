/** The worked example of RFC 8156 section 4.4.1 with its numbers, and whose clock may end a lease. */
import { describe, expect, it } from 'vitest'
import { address, TEST_START } from '../../test-support/failover-pair.ts'
import type { Binding } from '../bindings/binding.ts'
import { addSeconds, type Instant } from '../time/instant.ts'
import { boundedLifetime, expiresByOwnClockAt, unboundedLifetime } from './lease-lifetime.ts'
import { LifetimeRules } from '../bindings/lifetime-rules.ts'

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

const rules = new LifetimeRules()
const bounded = (binding: Binding | undefined, now: Instant) =>
  boundedLifetime({ binding, desiredSeconds: THREE_DAYS, state: 'NORMAL' }, HOUR, now, rules)

describe('the worked example of MCLT: one hour, desired three days', () => {
  const validAt = (seconds: number, ackedPartnerLifetime: Instant | undefined): number =>
    bounded(lease({ ackedPartnerLifetime }), addSeconds(t, seconds)).validSeconds

  it('gives one hour at first', () => {
    expect(bounded(undefined, t)).toMatchObject({
      validSeconds: HOUR,
      rule: { limitedBy: 'mclt', desiredSeconds: THREE_DAYS, mcltSeconds: HOUR, state: 'NORMAL' },
    })
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
      const { validSeconds } = bounded(lease({ ackedPartnerLifetime: acked }), now)
      expect(addSeconds(now, validSeconds)).toBeLessThanOrEqual(addSeconds(acked > now ? acked : now, HOUR))
    }
  })

  it('is not used where the server acts alone', () => {
    const wish = { binding: undefined, desiredSeconds: THREE_DAYS, state: 'PARTNER-DOWN' }
    expect(unboundedLifetime(wish, 'RFC 8156 8.4.1', rules)).toMatchObject({
      validSeconds: THREE_DAYS,
      rule: { limitedBy: 'configuration', mcltSeconds: undefined, rule: 'RFC 8156 8.4.1' },
    })
  })

  it('keeps one rule for all leases that are granted alike', () => {
    expect(bounded(undefined, t).rule).toBe(bounded(undefined, addSeconds(t, 5)).rule)
    expect(bounded(lease({ ackedPartnerLifetime: addSeconds(t, 261_000) }), t).rule).not.toBe(
      bounded(undefined, t).rule,
    )
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
