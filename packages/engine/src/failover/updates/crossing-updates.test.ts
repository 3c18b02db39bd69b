/** Updates of one lease that meet on the way: what both may take must leave no lease in two hands (RFC 8156 section 4.2.2.1). */
import { describe, expect, test } from 'vitest'
import { agreedView, clientNumber, UpdatePair } from './update-pair.fixture.ts'

const alice = clientNumber(1)

/**
 * Both have heard the client. `teller` renews alone, its partner lets the lease run out, and so does the teller's own record; on the new connection
 * each tells what it has, and neither has heard the other yet.
 */
function untilBothHaveTold(teller: 'primary' | 'secondary', lease: string): UpdatePair {
  const pair = UpdatePair.inNormal()
  const ender = pair[teller === 'primary' ? 'secondary' : 'primary']
  pair.grant(pair[teller], lease, alice, 60)
  pair.deliver()
  pair.wait(10)
  pair.grant(ender, lease, alice, 60)
  pair.deliver()
  pair.cut()
  pair.wait(20)
  pair.grant(pair[teller], lease, alice, 60)
  pair.wait(100)
  pair.end(ender, lease, 'EXPIRED')
  for (const side of [pair.primary, pair.secondary]) {
    side.connected = true
    side.state = 'NORMAL'
    pair.step(side, (step) => side.updates.enteredNormal(step))
  }
  return pair
}

describe('an end that crosses the lease that we told', () => {
  for (const [teller, ender, lease] of [
    ['primary', 'secondary', '2001:db8:1::1001'],
    ['secondary', 'primary', '2001:db8:1::1002'],
  ] as const) {
    test(`frees nothing at the ${teller} before the ${ender}, which has taken the lease, knows of it`, () => {
      const pair = untilBothHaveTold(teller, lease)
      pair.deliverOne(pair[teller])
      expect(pair[ender].get(lease)).toMatchObject({ status: 'ACTIVE', client: alice })
      pair.deliverOne(pair[ender])
      expect(pair[teller].get(lease)).toMatchObject({
        status: 'EXPIRED',
        statusExpiresAt: undefined,
        owedToPartner: true,
        // Nor does it go back to its client: the partner may have freed it (decision 0020).
        updateSent: true,
      })
      pair.deliver()
      for (const side of [pair.primary, pair.secondary]) {
        expect(side.get(lease)).toMatchObject({ status: teller === 'primary' ? 'FREE' : 'FREE-BACKUP' })
        expect(side.updates.status()).toMatchObject({ owed: 0, unacked: 0 })
      }
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    })

    test(`is still told by the ${teller} if the connection is lost before`, () => {
      const pair = untilBothHaveTold(teller, lease)
      pair.deliverOne(pair[teller])
      pair.deliverOne(pair[ender])
      pair.cut()
      expect(pair[teller].get(lease)).toMatchObject({ status: 'EXPIRED' })
      pair.connect()
      expect(pair[teller].get(lease)).toMatchObject({ status: teller === 'primary' ? 'FREE' : 'FREE-BACKUP' })
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    })
  }

  test('is taken at once where we told an end too', () => {
    const pair = UpdatePair.inNormal()
    const lease = '2001:db8:1::1001'
    for (const side of [pair.primary, pair.secondary]) {
      pair.grant(side, lease, alice, 60)
      pair.deliver()
    }
    pair.wait(100)
    pair.deliver()
    pair.end(pair.primary, lease, 'EXPIRED')
    pair.wait(1)
    pair.end(pair.secondary, lease, 'EXPIRED')
    pair.deliverOne(pair.secondary)
    expect(pair.primary.get(lease)).toMatchObject({ status: 'FREE', owedToPartner: true })
    pair.deliver()
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })
})
