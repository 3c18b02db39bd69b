/** An end within five seconds of a grant by the other server gives way to it, and leaves nothing behind (decision 0021). */
import { describe, expect, test } from 'vitest'
import { agreedView, clientNumber, UpdatePair } from './update-pair.fixture.ts'

const ODD = '2001:db8:1::1001'
const EVEN = '2001:db8:1::1002'
const alice = clientNumber(1)
const bob = clientNumber(2)

describe('a RELEASE that has yielded to the grant of the partner', () => {
  for (const [granter, releaser, lease] of [
    ['primary', 'secondary', ODD],
    ['secondary', 'primary', EVEN],
  ] as const) {
    test(`does not stand against the next RELEASE that the ${granter} hears`, () => {
      const pair = UpdatePair.inNormal()
      pair.cut()
      pair.grant(pair[granter], lease, alice)
      pair.connect()
      pair.cut()
      pair.wait(60)
      pair.grant(pair[granter], lease, alice, 7200)
      pair.wait(2)
      pair.end(pair[releaser], lease, 'RELEASED')
      pair.connect()
      expect(pair[releaser].get(lease)).toMatchObject({ status: 'ACTIVE', client: alice })
      pair.cut()
      pair.wait(3)
      pair.end(pair[granter], lease, 'RELEASED')
      pair.connect()
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
      expect(pair[granter].get(lease)?.status).toMatch(/^FREE/)
    })
  }
})

describe('an end that is told again because its answer was lost', () => {
  for (const [teller, granter, lease, skewSeconds] of [
    ['secondary', 'primary', ODD, 3],
    ['primary', 'secondary', EVEN, -3],
  ] as const) {
    for (const end of ['RELEASED', 'RESET'] as const) {
      test(`${end} does not end what the ${granter}, whose clock is behind, has given another client since`, () => {
        const pair = UpdatePair.inNormal()
        pair.skewSeconds = skewSeconds
        pair.grant(pair[teller], lease, alice)
        pair.deliver()
        pair.wait(60)
        if (end === 'RESET') {
          pair.end(pair[teller], lease, 'ABANDONED')
          pair.deliver()
          pair.wait(60)
        }
        pair.end(pair[teller], lease, end)
        // The update arrives, its answer does not.
        expect(pair.deliverOne(pair[teller])).toBe(true)
        expect(pair[granter].get(lease)?.status).toMatch(/^FREE/)
        pair.cut()
        pair.grant(pair[granter], lease, bob)
        pair.connect()
        for (const side of [pair.primary, pair.secondary]) {
          expect(side.get(lease)).toMatchObject({ status: 'ACTIVE', client: bob })
        }
        expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
      })
    }
  }
})
