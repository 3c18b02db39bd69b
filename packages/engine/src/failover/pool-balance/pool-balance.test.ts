/** Prefixes change sides: given, taken back, refused, and never used by two (RFC 8156 section 4.2.2). */
import { MessageType, prefixContainsPrefix, toDhcpTime } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { keyOf, type Binding } from '../../bindings/binding.ts'
import { addSeconds } from '../../time/instant.ts'
import {
  agreedView,
  bndupd,
  clientNumber,
  prefix,
  Side,
  T0,
  UpdatePair,
  type PairSettings,
} from '../updates/update-pair.fixture.ts'
import { hasMoved, moveWanted } from './balance-targets.ts'

function available(side: Side): readonly [bigint, bigint] {
  const pool = side.pools.prefix[0]?.available()
  return [pool?.primary ?? -1n, pool?.secondary ?? -1n]
}

function unsettled(settings: PairSettings = {}): UpdatePair {
  return new UpdatePair(new Side('primary', settings), new Side('secondary', settings))
}

/** A pair whose secondary holds half, restarted with a configuration that gives it only a quarter. */
function withTooMuch(): UpdatePair {
  const before = UpdatePair.inNormal({ share: 0.5 })
  const settings = { share: 0.25 }
  const primary = new Side('primary', settings, [...before.primary.table.all()])
  const secondary = new Side('secondary', settings, [...before.secondary.table.all()])
  const pair = new UpdatePair(primary, secondary)
  pair.now = addSeconds(before.now, 60)
  return pair
}

function blocksOf(side: Side): readonly Binding[] {
  return [...side.table.all()].filter((binding) => binding.prefix.length < 56)
}

describe('how much should move', () => {
  const rule = { secondaryShare: 0.5, threshold: 0.1 }
  test('the missing part is given, the surplus is taken back', () => {
    expect(moveWanted({ primary: 100n, secondary: 0n }, rule)).toEqual({ direction: 'give', prefixes: 50n })
    expect(moveWanted({ primary: 30n, secondary: 70n }, rule)).toEqual({ direction: 'take-back', prefixes: 20n })
  })
  test('nothing moves up to the threshold', () => {
    expect(moveWanted({ primary: 60n, secondary: 40n }, rule)).toBeUndefined()
    expect(moveWanted({ primary: 61n, secondary: 39n }, rule)).toEqual({ direction: 'give', prefixes: 11n })
    expect(moveWanted({ primary: 40n, secondary: 60n }, rule)).toBeUndefined()
  })
  test('a secondary with nothing gets its part whatever the threshold', () => {
    expect(moveWanted({ primary: 10n, secondary: 0n }, { secondaryShare: 0.1, threshold: 0.5 })).toEqual({
      direction: 'give',
      prefixes: 1n,
    })
  })
  test('nothing moves where nothing is left or nothing is wanted', () => {
    expect(moveWanted({ primary: 0n, secondary: 0n }, rule)).toBeUndefined()
    expect(moveWanted({ primary: 100n, secondary: 0n }, { ...rule, secondaryShare: 0 })).toBeUndefined()
  })
  test('pools beyond 2^53 are shared without loss', () => {
    const move = moveWanted({ primary: 2n ** 100n, secondary: 0n }, rule)
    expect(move).toEqual({ direction: 'give', prefixes: 2n ** 99n })
  })
  test('counts have moved once they differ by more than the threshold', () => {
    const before = { primary: 50n, secondary: 50n }
    expect(hasMoved(undefined, before, rule)).toBe(true)
    expect(hasMoved(before, { primary: 45n, secondary: 50n }, rule)).toBe(false)
    expect(hasMoved(before, { primary: 30n, secondary: 50n }, rule)).toBe(true)
  })
})

describe('the first exchange', () => {
  test('the secondary asks on entering NORMAL, the primary answers and gives half', () => {
    const pair = unsettled()
    pair.connect()
    const [request] = pair.secondary.sentOfType(MessageType.Poolreq)
    const [response] = pair.primary.sentOfType(MessageType.Poolresp)
    expect(response?.transactionId).toBe(request?.transactionId)
    expect(pair.primary.sentOfType(MessageType.Poolreq)).toHaveLength(0)
    expect(available(pair.primary)).toEqual([128n, 128n])
    expect(available(pair.secondary)).toEqual([128n, 128n])
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    expect(pair.primary.updates.status().owed).toBe(0)
  })

  test('the request comes after the backlog, though it needs several windows', () => {
    const pair = unsettled({ maxUnacked: 1 })
    pair.cut()
    for (const number of [1, 2, 3]) pair.grant(pair.secondary, `2001:db8:1::10${number}2`, clientNumber(number))
    pair.connect()
    const types = pair.secondary.sent.map((message) => message.type).filter((type) => type !== MessageType.Bndreply)
    expect(types).toEqual([bndupd, bndupd, bndupd, MessageType.Poolreq])
  })

  test('the primary does not own a prefix any more in the step that gives it', () => {
    const pair = unsettled()
    pair.secondary.connected = true
    pair.step(pair.secondary, (step) => pair.secondary.updates.enteredNormal(step))
    pair.deliverOne(pair.secondary)
    expect(pair.secondary.table.size).toBe(0)
    expect(available(pair.primary)).toEqual([128n, 128n])
    expect(blocksOf(pair.primary)).toEqual([expect.objectContaining({ status: 'FREE-BACKUP', owedToPartner: true })])
  })

  test('an uneven share of a huge pool is given in bounded rounds until it is met', () => {
    const pair = unsettled({ prefixPool: '2001:1000::/20', share: 0.3, threshold: 0.001 })
    pair.connect()
    const [primary, secondary] = available(pair.secondary)
    expect(Number((secondary * 1000n) / (primary + secondary))).toBeGreaterThanOrEqual(299)
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })
})

describe('POOLREQ', () => {
  test('is not for the primary to send nor for the secondary to answer', () => {
    const pair = UpdatePair.inNormal()
    const request = { kind: 'failover', type: MessageType.Poolreq, transactionId: 9, sentTime: toDhcpTime(T0) } as const
    pair.step(pair.secondary, (step) => pair.secondary.updates.receive(step, { ...request, options: [] }))
    expect(pair.secondary.sent).toEqual([])
    pair.wait(60)
    pair.deliver()
    expect(pair.primary.sentOfType(MessageType.Poolreq)).toEqual([])
  })

  test('moves no address, however unevenly they are used', () => {
    const pair = UpdatePair.inNormal()
    for (let number = 1; number <= 100; number += 1) {
      pair.grant(pair.secondary, `2001:db8:1::1${(number * 2).toString(16).padStart(3, '0')}`, clientNumber(number))
    }
    pair.deliver()
    const before = agreedView(pair.primary)
    pair.primary.sent.length = 0
    const request = { kind: 'failover', type: MessageType.Poolreq, transactionId: 9, sentTime: toDhcpTime(T0) } as const
    pair.step(pair.primary, (step) => pair.primary.updates.receive(step, { ...request, options: [] }))
    expect(pair.primary.sent.map(({ type }) => type)).toEqual([MessageType.Poolresp])
    expect(agreedView(pair.primary)).toEqual(before)
  })
})

describe('keeping the balance', () => {
  test('the secondary asks again when it has used up its part', () => {
    const pair = UpdatePair.inNormal({ prefixPool: '2001:db8:8000::/52' })
    for (let number = 0; number < 8; number += 1) {
      const candidate = [
        ...(pair.secondary.pools.prefix[0]?.candidates(
          { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined },
          pair.now,
        ) ?? []),
      ][0]
      if (candidate === undefined) throw new TypeError('the secondary has a prefix left')
      const text = `2001:db8:8000:${((candidate.prefix.address >> 64n) & 0xffffn).toString(16)}::/56`
      pair.grant(pair.secondary, text, clientNumber(number + 1, 'IA_PD'))
    }
    pair.deliver()
    pair.wait(10)
    pair.deliver()
    expect(available(pair.secondary)).toEqual([4n, 4n])
    expect(available(pair.primary)).toEqual([4n, 4n])
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })

  test('nothing is said while counts stay within the threshold', () => {
    const pair = UpdatePair.inNormal()
    for (let round = 0; round < 5; round += 1) {
      pair.wait(10)
      pair.deliver()
    }
    expect([...pair.primary.sent, ...pair.secondary.sent]).toEqual([])
  })
})

describe('taking back', () => {
  test('the record stays the secondary’s until it agrees, then both say FREE', () => {
    const pair = withTooMuch()
    pair.step(pair.primary, (step) => pair.primary.updates.enteredNormal(step))
    pair.wait(10)
    expect(available(pair.primary)).toEqual([128n, 128n])
    pair.deliver()
    expect(available(pair.primary)).toEqual([192n, 64n])
    expect(available(pair.secondary)).toEqual([192n, 64n])
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    expect(pair.primary.updates.status().owed).toBe(0)
  })

  test('a block from which the secondary has leased meanwhile is refused and stays its own', () => {
    const pair = withTooMuch()
    pair.step(pair.primary, (step) => pair.primary.updates.enteredNormal(step))
    pair.wait(10)
    const [asked] = blocksOf(pair.primary).filter((block) => block.owedToPartner)
    if (asked === undefined) throw new TypeError('a block is asked back')
    const inside = `2001:db8:8000:${((asked.prefix.address >> 64n) & 0xffffn).toString(16)}::/56`
    expect(prefixContainsPrefix(asked.prefix, prefix(inside))).toBe(true)
    pair.grant(pair.secondary, inside, clientNumber(1, 'IA_PD'))
    pair.deliverOne(pair.primary)
    pair.deliver()
    expect(pair.primary.get(inside)?.status).toBe('ACTIVE')
    const kept = pair.primary.table.get(keyIn(pair.primary, asked))
    expect(kept).toMatchObject({ status: 'FREE-BACKUP', owedToPartner: true })
    expect(available(pair.primary)).toEqual(available(pair.secondary))
    // The secondary had a bigger block around it, and has a record of this one only once it has been told.
    expect(pair.secondary.table.get(keyIn(pair.primary, asked))).toBeUndefined()
    pair.wait(10)
    pair.deliver()
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    expect(pair.primary.updates.status().owed).toBe(0)
    expect(available(pair.primary)).toEqual(available(pair.secondary))
  })

  test('a prefix that the secondary has leased is refused', () => {
    const pair = UpdatePair.inNormal()
    const lease = '2001:db8:8000:ff00::/56'
    pair.grant(pair.secondary, lease, clientNumber(1, 'IA_PD'))
    pair.deliver()
    const held = pair.primary.get(lease)
    if (held === undefined) throw new TypeError('the lease is known')
    // As if the primary had never heard of the lease.
    pair.step(pair.primary, (step) => {
      const free: Binding = {
        ...held,
        status: 'FREE',
        client: undefined,
        statusExpiresAt: undefined,
        owedToPartner: true,
      }
      step.changeBinding({ ...free, statusSince: pair.now }, 'operator')
    })
    pair.deliver()
    expect(pair.secondary.get(lease)?.status).toBe('ACTIVE')
    expect(pair.primary.get(lease)?.status).toBe('ACTIVE')
  })

  test('a break between agreement and answer heals on the next contact', () => {
    const pair = withTooMuch()
    pair.step(pair.primary, (step) => pair.primary.updates.enteredNormal(step))
    pair.wait(10)
    while (pair.deliverOne(pair.primary)) {
      // The secondary agrees; its answers are lost below.
    }
    expect(available(pair.secondary)).toEqual([192n, 64n])
    expect(available(pair.primary)).toEqual([128n, 128n])
    pair.cut()
    pair.wait(60)
    pair.connect()
    pair.wait(10)
    pair.deliver()
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    expect(pair.primary.updates.status().owed).toBe(0)
    expect(pair.secondary.updates.status().owed).toBe(0)
  })
})

describe('giving and taking in turn', () => {
  test('comes to rest and agrees, though smaller blocks lie inside bigger ones', () => {
    let primary: readonly Binding[] = []
    let secondary: readonly Binding[] = []
    let now = UpdatePair.inNormal().now
    for (const share of [0.5, 0.1, 0.9, 0.3, 1, 0, 0.5]) {
      const settings = { share, threshold: 0 }
      const pair = new UpdatePair(new Side('primary', settings, primary), new Side('secondary', settings, secondary))
      pair.now = addSeconds(now, 100)
      pair.connect()
      for (let round = 0; round < 4; round += 1) {
        pair.wait(10)
        pair.deliver()
      }
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
      expect(available(pair.primary)[1], `share ${share}`).toBe(BigInt(Math.floor(256 * share)))
      primary = [...pair.primary.table.all()]
      secondary = [...pair.secondary.table.all()]
      now = pair.now
    }
  })
})

function keyIn(side: Side, block: Binding): string {
  for (const binding of side.table.all()) {
    if (binding.prefix.address === block.prefix.address && binding.prefix.length === block.prefix.length) {
      return keyOf(binding)
    }
  }
  return ''
}
