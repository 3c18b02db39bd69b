/** Updates of one lease that meet on the way: what both may take must leave no lease in two hands (RFC 8156 section 4.2.2.1). */
import { describe, expect, test } from 'vitest'
import type { Binding } from '../../bindings/binding.ts'
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

describe('a prefix that is given to the secondary while that repeats an end of it', () => {
  const lease = '2001:db8:8000:ff00::/56'
  const alicesPrefix = clientNumber(1, 'IA_PD')
  const both = (pair: UpdatePair) => [pair.primary.get(lease)?.status, pair.secondary.get(lease)?.status]

  /** Of the secondary's block, leased and given back there, while the primary gives it away again. */
  function untilBothHaveTold(released: 'before the gift' | 'after the gift'): UpdatePair {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, lease, alicesPrefix, 60)
    pair.deliver()
    const releaseUnheard = () => {
      pair.wait(10)
      pair.end(pair.secondary, lease, 'RELEASED')
      pair.deliverOne(pair.secondary)
      pair.cut()
      pair.wait(1)
    }
    const give = () => {
      const free = pair.primary.get(lease)
      if (free?.status !== 'FREE') throw new Error('the primary has it back')
      const given: Binding = { ...free, status: 'FREE-BACKUP', statusSince: pair.now, owedToPartner: true }
      pair.step(pair.primary, (step) => step.changeBinding(given, 'balance'))
    }
    releaseUnheard()
    give()
    if (released === 'after the gift') {
      pair.connect()
      expect(both(pair)).toEqual(['FREE-BACKUP', 'FREE-BACKUP'])
      pair.cut()
      pair.wait(60)
      const gift = pair.primary.get(lease)
      if (gift === undefined) throw new Error('it is on record')
      pair.step(pair.primary, (step) => step.changeBinding({ ...gift, owedToPartner: true }, 'balance'))
      pair.grant(pair.secondary, lease, alicesPrefix, 60)
      pair.wait(60)
      pair.end(pair.secondary, lease, 'RELEASED')
    }
    for (const side of [pair.primary, pair.secondary]) {
      side.connected = true
      side.state = 'NORMAL'
      pair.step(side, (step) => side.updates.enteredNormal(step))
    }
    return pair
  }

  test('stays given, if the connection is lost before both agree', () => {
    const pair = untilBothHaveTold('before the gift')
    pair.deliverOne(pair.secondary)
    pair.deliverOne(pair.primary)
    pair.cut()
    expect(both(pair)).toEqual(['FREE-BACKUP', 'FREE-BACKUP'])
  })

  test('is the secondary’s when both have heard all', () => {
    const pair = untilBothHaveTold('before the gift')
    pair.deliver()
    expect(both(pair)).toEqual(['FREE-BACKUP', 'FREE-BACKUP'])
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })

  test('comes back to the primary where the end is later than the gift', () => {
    const pair = untilBothHaveTold('after the gift')
    pair.deliverOne(pair.secondary)
    expect(both(pair)).toEqual(['FREE-BACKUP', 'RELEASED'])
    for (let rounds = 0; rounds < 3; rounds += 1) {
      pair.deliver()
      pair.wait(60)
    }
    expect(both(pair)).toEqual(['FREE', 'FREE'])
    for (const side of [pair.primary, pair.secondary])
      expect(side.updates.status()).toMatchObject({ owed: 0, unacked: 0 })
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })
})

describe('a lease that has run out, and crosses the gift of it', () => {
  const lease = '2001:db8:8000:ff00::/56'
  const alicesPrefix = clientNumber(1, 'IA_PD')

  test('stays given to the secondary, which takes the gift in its place', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, lease, alicesPrefix, 60)
    pair.deliver()
    pair.wait(10)
    pair.end(pair.secondary, lease, 'RELEASED')
    pair.deliver()
    const free = pair.primary.get(lease)
    if (free === undefined) throw new Error('it is on record')
    const given: Binding = { ...free, client: undefined, clientHeardAt: undefined, partnerHeardClientAt: undefined }
    const gift: Binding = { ...given, status: 'FREE-BACKUP', statusSince: pair.now, owedToPartner: true }
    pair.step(pair.primary, (step) => step.changeBinding(gift, 'balance'))
    pair.deliver()
    pair.cut()
    pair.wait(100)
    pair.grant(pair.secondary, lease, alicesPrefix, 60)
    const owed = pair.primary.get(lease)
    if (owed === undefined) throw new Error('it is on record')
    pair.step(pair.primary, (step) => step.changeBinding({ ...owed, owedToPartner: true }, 'balance'))
    pair.wait(100)
    for (const side of [pair.primary, pair.secondary]) {
      side.connected = true
      side.state = 'NORMAL'
      pair.step(side, (step) => side.updates.enteredNormal(step))
    }
    const both = () => [pair.primary.get(lease)?.status, pair.secondary.get(lease)?.status]
    pair.deliverOne(pair.primary)
    pair.deliverOne(pair.secondary)
    pair.cut()
    expect(both()).toEqual(['FREE-BACKUP', 'FREE-BACKUP'])
    pair.connect()
    expect(both()).toEqual(['FREE-BACKUP', 'FREE-BACKUP'])
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })
})
