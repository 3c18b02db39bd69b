/** What was promised for a lease ends with it, and lengthens none of its next client (RFC 8156 sections 4.4, 7.2). */
import { describe, expect, test } from 'vitest'
import type { Binding } from '../../bindings/binding.ts'
import type { Instant } from '../../time/instant.ts'
import { boundedLifetime } from '../lease-lifetime.ts'
import { LifetimeRules } from '../../bindings/lifetime-rules.ts'
import { agreedView, clientNumber, leased, UpdatePair, VALID_SECONDS } from './update-pair.fixture.ts'

const ODD = '2001:db8:1::1001'
const EVEN = '2001:db8:1::1002'
const PREFIX = '2001:db8:8000:100::/56'
const alice = clientNumber(1)
const bob = clientNumber(2)
const alicePd = clientNumber(1, 'IA_PD')

function validSeconds(binding: Binding | undefined, now: Instant): number {
  const wish = { binding, desiredSeconds: VALID_SECONDS, state: 'NORMAL' }
  return boundedLifetime(wish, 3600, now, new LifetimeRules()).validSeconds
}

describe('what was promised for a lease that has ended', () => {
  for (const [lease, client, next] of [
    [ODD, alice, bob],
    [EVEN, alice, bob],
    [PREFIX, alicePd, clientNumber(2, 'IA_PD')],
  ] as const) {
    for (const teller of ['primary', 'secondary'] as const) {
      test(`of ${lease} at the ${teller} lengthens no lease of its next client`, () => {
        const pair = UpdatePair.inNormal()
        pair.grant(pair[teller], lease, client)
        pair.deliver()
        expect(pair[teller].get(lease)?.ackedPartnerLifetime).toBeDefined()
        pair.wait(10)
        pair.end(pair[teller], lease, 'RELEASED')
        pair.deliver()
        for (const side of [pair.primary, pair.secondary]) {
          const ended = side.get(lease)
          expect(ended).toMatchObject({ ackedPartnerLifetime: undefined, expirationTime: undefined })
          expect(validSeconds(ended, pair.now)).toBe(3600)
        }
        pair.wait(10)
        pair.grant(pair.primary, lease, next)
        pair.deliver()
        expect(validSeconds(pair.secondary.get(lease), pair.now)).toBe(3600)
        expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
      })
    }
  }

  test('does not pass to the client to whom the secondary’s own one had to yield', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, ODD, alice)
    pair.deliver()
    pair.cut()
    pair.wait(10)
    pair.step(pair.primary, (step) => step.changeBinding(leased(undefined, ODD, bob, pair.now, 3600), 'client'))
    pair.connect()
    expect(pair.secondary.get(ODD)).toMatchObject({ client: bob, ackedPartnerLifetime: undefined })
  })
})

describe('an end that is told to a partner that recovers', () => {
  for (const status of ['EXPIRED', 'RELEASED'] as const) {
    test(`${status}: says what was acknowledged to it, and its answer is no promise`, () => {
      const pair = UpdatePair.inNormal()
      pair.grant(pair.secondary, EVEN, alice)
      pair.deliver()
      const acked = pair.primary.get(EVEN)?.expirationTime
      if (acked === undefined) throw new TypeError('the primary has acknowledged it')
      pair.primary.partnerMayHaveForgotten = true
      pair.secondary.believesPartner = true
      pair.end(pair.primary, EVEN, status)
      pair.deliver()
      expect(pair.secondary.ackedBeforeLoss).toEqual([Math.floor(acked / 1000) * 1000])
      expect(pair.primary.get(EVEN)).toMatchObject({ status, ackedPartnerLifetime: undefined, owedToPartner: true })
    })
  }

  test('says nothing of it to any other partner', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, EVEN, alice)
    pair.deliver()
    pair.secondary.believesPartner = true
    pair.end(pair.primary, EVEN, 'RELEASED')
    pair.deliver()
    expect(pair.secondary.ackedBeforeLoss).toEqual([])
    expect(pair.primary.get(EVEN)).toMatchObject({ status: 'FREE-BACKUP', owedToPartner: false })
  })

  test('is recognised where the end is known already', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, EVEN, alice)
    pair.deliver()
    pair.cut()
    for (const side of [pair.primary, pair.secondary]) pair.end(side, EVEN, 'RELEASED')
    pair.primary.partnerMayHaveForgotten = true
    pair.connect()
    pair.primary.partnerMayHaveForgotten = false
    pair.cut()
    pair.connect()
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    expect(pair.primary.get(EVEN)).toMatchObject({ status: 'FREE-BACKUP', owedToPartner: false })
  })
})
