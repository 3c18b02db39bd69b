/** Two partners exchange updates: lazily, within the window, without losing what changed meanwhile (RFC 8156 sections 4.4, 7, 8.8). */
import {
  bindingStatusOption,
  clientDataOption,
  findOption,
  iaAddressOption,
  iaNaOption,
  type Ipv6Address,
} from '@tandem/protocol'
import type { BindingTable } from '../../bindings/binding-table.ts'
import { describe, expect, test } from 'vitest'
import { addSeconds, instant } from '../../time/instant.ts'
import {
  address,
  agreedView,
  bndreply,
  bndupd,
  clientNumber,
  leased,
  Side,
  T0,
  UpdatePair,
  VALID_SECONDS,
} from './update-pair.fixture.ts'

const ODD = '2001:db8:1::1001'
const EVEN = '2001:db8:1::1002'
const PREFIX = '2001:db8:8000:100::/56'
const alice = clientNumber(1)
const bob = clientNumber(2)
const alicePd = clientNumber(1, 'IA_PD')

function countLooks(table: BindingTable, look: () => void): BindingTable['owedSlots'] {
  const owedSlots = table.owedSlots.bind(table)
  return function* counted(relationship) {
    for (const slot of owedSlots(relationship)) {
      look()
      yield slot
    }
  }
}

function expectAgreement(pair: UpdatePair): void {
  expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  for (const side of [pair.primary, pair.secondary]) {
    expect(side.updates.status()).toMatchObject({ owed: 0, unacked: 0 })
  }
}

describe('a lease made here', () => {
  test('is told, acknowledged, and known to both with the fields crossed over', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    expect(pair.primary.get(ODD)).toMatchObject({ owedToPartner: true })
    pair.deliver()
    // The numbers of digest 6.4: now + T1 (half an hour) + desired (three days), in whole seconds.
    const promise = instant(Math.floor(addSeconds(T0, 1800 + VALID_SECONDS) / 1000) * 1000)
    expect(pair.primary.get(ODD)).toMatchObject({
      owedToPartner: false,
      partnerLifetime: undefined,
      ackedPartnerLifetime: promise,
      clientHeardAt: T0,
    })
    expect(pair.secondary.get(ODD)).toMatchObject({
      status: 'ACTIVE',
      client: alice,
      expirationTime: promise,
      ackedPartnerLifetime: undefined,
      clientHeardAt: undefined,
      partnerHeardClientAt: instant(Math.floor(T0 / 1000) * 1000),
      validSeconds: 3600,
      t1Seconds: 1800,
    })
    expectAgreement(pair)
  })

  test('is nobody else’s business without a relationship', () => {
    const pair = UpdatePair.inNormal()
    const alone = { ...leased(undefined, ODD, alice, pair.now, 3600), relationship: undefined }
    pair.step(pair.primary, (step) => step.changeBinding(alone, 'client'))
    expect(pair.primary.sent).toHaveLength(0)
    expect(pair.primary.get(ODD)?.owedToPartner).toBe(false)
  })

  for (const state of ['COMMUNICATIONS-INTERRUPTED', 'PARTNER-DOWN', 'RECOVER-DONE'] as const) {
    test(`stays owed in ${state} and is told on the way back to NORMAL`, () => {
      const pair = UpdatePair.inNormal()
      pair.cut(state)
      pair.grant(pair.primary, ODD, alice)
      expect(pair.primary.sentOfType(bndupd)).toHaveLength(0)
      expect(pair.primary.updates.status().owed).toBe(1)
      pair.connect()
      expectAgreement(pair)
      expect(pair.secondary.get(ODD)?.status).toBe('ACTIVE')
    })
  }
})

describe('the end of a lease', () => {
  for (const [lease, client, becomes] of [
    [ODD, alice, 'FREE'],
    [EVEN, alice, 'FREE-BACKUP'],
    [PREFIX, alicePd, 'FREE'],
  ] as const) {
    for (const teller of ['primary', 'secondary'] as const) {
      test(`${lease} released at the ${teller} becomes ${becomes} on both`, () => {
        const pair = UpdatePair.inNormal()
        pair.grant(pair[teller], lease, client)
        pair.deliver()
        pair.wait(1)
        pair.end(pair[teller], lease, 'RELEASED')
        expect(pair[teller].get(lease)).toMatchObject({ status: 'RELEASED', updateSent: true })
        pair.deliver()
        expect(pair[teller].get(lease)).toMatchObject({ status: becomes, updateSent: false })
        expectAgreement(pair)
      })
    }
  }

  test('waits for the acknowledgement while the partner is away, unsent and unfreed', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.cut()
    pair.wait(3600)
    pair.end(pair.primary, ODD, 'EXPIRED')
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'EXPIRED', updateSent: false, owedToPartner: true })
    pair.connect()
    expect(pair.primary.get(ODD)?.status).toBe('FREE')
    expectAgreement(pair)
  })

  test('told a second time after a lost answer is acknowledged and changes nothing', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.wait(3600)
    pair.end(pair.primary, ODD, 'EXPIRED')
    pair.deliverOne(pair.primary)
    expect(pair.secondary.get(ODD)?.status).toBe('FREE')
    pair.cut()
    pair.wait(600)
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'EXPIRED', updateSent: true })
    pair.connect()
    expect(pair.primary.get(ODD)?.status).toBe('FREE')
    expectAgreement(pair)
  })

  test('is no end while the partner that agrees to it is only just fetching what it has lost', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.primary.partnerMayHaveForgotten = true
    pair.wait(60)
    pair.end(pair.primary, ODD, 'RELEASED')
    pair.deliver()
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'RELEASED', owedToPartner: true })
    // It has waited for its own promises, and the way to NORMAL tells it once more.
    pair.primary.partnerMayHaveForgotten = false
    pair.cut()
    pair.connect()
    pair.deliver()
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'FREE', owedToPartner: false })
    expectAgreement(pair)
  })

  test('EXPIRED and a FREE within five seconds agree', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, EVEN, alice, 60)
    pair.deliver()
    pair.wait(60)
    pair.end(pair.primary, EVEN, 'EXPIRED')
    pair.wait(1)
    pair.end(pair.secondary, EVEN, 'EXPIRED')
    pair.deliver()
    pair.wait(10)
    pair.deliver()
    expect(pair.primary.get(EVEN)?.status).toBe('FREE-BACKUP')
    expectAgreement(pair)
  })

  test('lets another client in at once on the owner’s side', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, EVEN, alice)
    pair.deliver()
    pair.end(pair.primary, EVEN, 'RELEASED')
    pair.deliverOne(pair.primary)
    pair.grant(pair.secondary, EVEN, bob)
    pair.deliver()
    expect(pair.primary.get(EVEN)).toMatchObject({ status: 'ACTIVE', client: bob })
    expectAgreement(pair)
  })

  test('does not end the lease of the next client when it is told again after a break', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, EVEN, alice)
    pair.deliver()
    pair.end(pair.primary, EVEN, 'RELEASED')
    pair.deliverOne(pair.primary)
    pair.wait(1)
    pair.grant(pair.secondary, EVEN, bob)
    pair.cut()
    pair.connect()
    pair.wait(10)
    pair.deliver()
    expect(pair.secondary.get(EVEN)).toMatchObject({ status: 'ACTIVE', client: bob })
    expectAgreement(pair)
  })
})

describe('a lease that changes again while its update is on the way', () => {
  test('stays owed when the older answer comes, and is told again', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.wait(2)
    pair.end(pair.primary, ODD, 'RELEASED')
    expect(pair.primary.sentOfType(bndupd)).toHaveLength(1)
    pair.deliverOne(pair.primary)
    pair.deliverOne(pair.secondary)
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'RELEASED', owedToPartner: true })
    expect(pair.primary.get(ODD)?.ackedPartnerLifetime).toBeDefined()
    expect(pair.primary.sentOfType(bndupd)).toHaveLength(2)
    pair.deliver()
    expect(pair.primary.get(ODD)?.status).toBe('FREE')
    expectAgreement(pair)
  })

  test('a REQUEST and a RELEASE in the same second end as FREE on both', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.end(pair.primary, ODD, 'RELEASED')
    pair.deliver()
    expect(pair.secondary.get(ODD)?.status).toBe('FREE')
    expectAgreement(pair)
  })

  test('a renewal that crosses the answer keeps the newer promise owed', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.wait(100)
    pair.grant(pair.primary, ODD, alice, 7200)
    const owed = pair.primary.get(ODD)?.partnerLifetime
    pair.deliverOne(pair.primary)
    pair.deliverOne(pair.secondary)
    expect(pair.primary.get(ODD)).toMatchObject({ owedToPartner: true, partnerLifetime: owed })
    pair.deliver()
    expectAgreement(pair)
  })

  test('an update of the partner that crosses ours leaves both with the same lease', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.wait(100)
    pair.grant(pair.primary, ODD, alice, 7200)
    pair.wait(2)
    pair.end(pair.secondary, ODD, 'RELEASED')
    pair.deliver()
    pair.wait(10)
    pair.deliver()
    expectAgreement(pair)
  })
})

describe('the window', () => {
  test('is never exceeded, and everything arrives all the same', () => {
    const pair = UpdatePair.inNormal({ maxUnacked: 3 })
    for (let number = 0; number < 20; number += 1) {
      pair.grant(pair.primary, `2001:db8:1::1${number.toString(16).padStart(3, '0')}`, clientNumber(number + 1))
      expect(pair.primary.updates.status().unacked).toBeLessThanOrEqual(3)
    }
    expect(pair.primary.sentOfType(bndupd)).toHaveLength(3)
    expect([...pair.primary.updates.outstandingTransactionIds()]).toHaveLength(3)
    while (pair.deliverOne(pair.primary) || pair.deliverOne(pair.secondary)) {
      expect(pair.primary.updates.status().unacked).toBeLessThanOrEqual(3)
    }
    expect(agreedView(pair.secondary).filter((line) => line.includes('ACTIVE'))).toHaveLength(20)
    expectAgreement(pair)
  })

  test('an answer with an unknown transaction id changes nothing', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliverOne(pair.primary)
    const [answer] = pair.secondary.outbox
    if (answer === undefined) throw new TypeError('there is an answer')
    pair.step(pair.primary, (step) => pair.primary.updates.receive(step, { ...answer, transactionId: 999 }))
    expect(pair.primary.get(ODD)?.owedToPartner).toBe(true)
    expect(pair.primary.updates.status().unacked).toBe(1)
  })

  test('tells since when the oldest update waits', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.wait(7)
    pair.grant(pair.primary, EVEN, bob)
    expect(pair.primary.updates.status().oldestUnackedSince).toBe(T0)
  })
})

describe('a refused update', () => {
  test('makes the refusing side tell its own at once, after the answer', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    pair.wait(100)
    pair.grant(pair.secondary, ODD, alice, 7200)
    pair.deliver()
    // The primary is wrong about the end: by the secondary's record the lease goes on.
    pair.end(pair.primary, ODD, 'EXPIRED')
    pair.deliverOne(pair.primary)
    const types = pair.secondary.outbox.map((message) => message.type)
    expect(types).toEqual([bndreply, bndupd])
    pair.deliver()
    expect(pair.primary.get(ODD)?.status).toBe('ACTIVE')
    expectAgreement(pair)
  })

  test('is not sent again before the next scan', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.secondary, ODD, bob)
    pair.wait(2)
    pair.grant(pair.primary, ODD, alice)
    // The primary's own word is held up; so the secondary has nothing to yield to.
    pair.primary.outbox.length = 0
    pair.deliverOne(pair.secondary)
    const [notice] = pair.step(pair.secondary, (step) => {
      const answer = pair.primary.outbox.shift()
      if (answer !== undefined) pair.secondary.updates.receive(step, answer)
    }).notices
    expect(notice).toMatchObject({ kind: 'update-rejected', by: 'partner', statusCode: 16, lease: ODD })
    expect(pair.secondary.updates.status()).toMatchObject({ owed: 1, unacked: 0 })
    pair.wait(7)
    expect(pair.secondary.sentOfType(bndupd)).toHaveLength(1)
    pair.wait(1)
    expect(pair.secondary.sentOfType(bndupd)).toHaveLength(2)
  })
})

describe('PARTNER-DOWN', () => {
  test('frees an ended lease MCLT after the last promise about it, and not before', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice, 600)
    pair.deliver()
    pair.cut('PARTNER-DOWN')
    pair.primary.partnerDownSince = pair.now
    pair.wait(600)
    pair.end(pair.primary, ODD, 'EXPIRED')
    // The partner acknowledged T0 + T1 + desired; it may count on that and on MCLT beyond.
    pair.now = addSeconds(T0, 300 + VALID_SECONDS + 3600 - 1)
    pair.wait(0)
    expect(pair.primary.get(ODD)?.status).toBe('EXPIRED')
    pair.wait(10)
    expect(pair.primary.get(ODD)).toMatchObject({ status: 'FREE', owedToPartner: true })
  })

  test('frees very many leases without looking at all of them for each few', () => {
    const count = 60_000
    const restored = Array.from({ length: count }, (_, number) => ({
      ...leased(undefined, ODD, alice, T0, 600),
      prefix: { address: (address('2001:db8:1::1:0') + BigInt(number)) as Ipv6Address, length: 128 },
      status: 'EXPIRED' as const,
      statusExpiresAt: undefined,
      owedToPartner: true,
    }))
    const pair = new UpdatePair(new Side('primary', {}, restored), new Side('secondary', {}))
    pair.cut('PARTNER-DOWN')
    pair.primary.partnerDownSince = pair.now
    let looks = 0
    pair.primary.table.owedSlots = countLooks(pair.primary.table, () => (looks += 1))
    pair.now = addSeconds(T0, 3601)
    for (let step = 0; step * 256 <= count; step += 1) pair.wait(0)
    expect([...pair.primary.table.all()].filter(({ status }) => status === 'FREE')).toHaveLength(count / 2)
    expect([...pair.primary.table.all()].filter(({ status }) => status === 'EXPIRED')).toHaveLength(0)
    expect(looks).toBeLessThanOrEqual(2 * count)
  })
})

describe('the answer to an update', () => {
  test('carries the status as received', () => {
    const pair = UpdatePair.inNormal()
    pair.grant(pair.primary, ODD, alice)
    pair.deliver()
    const [answer] = pair.secondary.sentOfType(bndreply)
    const ia = findOption(findOption(answer?.options ?? [], clientDataOption) ?? [], iaNaOption)
    const lease = findOption(ia?.options ?? [], iaAddressOption)
    expect(findOption(lease?.options ?? [], bindingStatusOption)).toBe(1)
    expect(answer?.transactionId).toBe(pair.primary.sentOfType(bndupd)[0]?.transactionId)
  })
})
