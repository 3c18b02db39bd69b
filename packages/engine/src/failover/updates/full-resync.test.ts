/** UPDREQ and UPDREQALL between two partners: everything once, UPDDONE last, anew after a break (RFC 8156 sections 5.3.5 to 5.3.7). */
import { MessageType } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { addSeconds } from '../../time/instant.ts'
import type { Binding } from '../../bindings/binding.ts'
import { agreedView, clientNumber, prefix, Side, UpdatePair } from './update-pair.fixture.ts'

const PREFIX = '2001:db8:8000:100::/56'
const alicePd = clientNumber(1, 'IA_PD')

describe('full resync', () => {
  function filled(settings = {}): UpdatePair {
    const pair = UpdatePair.inNormal(settings)
    for (let number = 0; number < 10; number += 1) {
      pair.grant(pair.primary, `2001:db8:1::10${number.toString(16)}1`, clientNumber(number + 1))
    }
    pair.grant(pair.secondary, PREFIX, alicePd)
    pair.deliver()
    return pair
  }

  test('UPDREQ brings what is owed and UPDDONE after the last answer', () => {
    const pair = filled({ maxUnacked: 2 })
    pair.cut('PARTNER-DOWN')
    for (let number = 0; number < 5; number += 1) {
      pair.grant(pair.primary, `2001:db8:1::11${number}1`, clientNumber(number + 50))
    }
    pair.secondary.state = 'RECOVER'
    pair.secondary.connected = true
    pair.primary.connected = true
    pair.step(pair.secondary, (step) => pair.secondary.updates.requestUpdates(step, false))
    pair.deliverOne(pair.secondary)
    expect(pair.primary.updates.status()).toMatchObject({
      unacked: 2,
      resync: { direction: 'sending', done: 0, total: 5 },
    })
    pair.deliverOne(pair.primary)
    expect(pair.secondary.updates.status().resync).toEqual({ direction: 'receiving', done: 1, total: undefined })
    expect(pair.secondary.updatesDone).toBe(0)
    pair.deliver()
    expect(pair.secondary.updatesDone).toBe(1)
    const lastTypes = pair.primary.sent.slice(-1).map((message) => message.type)
    expect(lastTypes).toEqual([MessageType.Upddone])
    expect(pair.primary.updates.status()).toMatchObject({ owed: 0, resync: undefined })
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })

  test('UPDREQ with nothing owed is answered at once', () => {
    const pair = filled()
    pair.step(pair.secondary, (step) => pair.secondary.updates.requestUpdates(step, false))
    pair.deliver()
    expect(pair.secondary.updatesDone).toBe(1)
  })

  test('UPDREQALL restores an empty server, promises included', () => {
    const pair = filled({ maxUnacked: 4 })
    const before = agreedView(pair.primary)
    const promised = pair.secondary.get('2001:db8:1::1011')?.expirationTime
    const empty = new Side('secondary', { maxUnacked: 4 })
    const full = new Side('primary', { maxUnacked: 4 }, [...pair.primary.table.all()])
    empty.state = 'RECOVER'
    full.state = 'PARTNER-DOWN'
    const joined = new UpdatePair(full, empty)
    joined.step(empty, (step) => empty.updates.requestUpdates(step, true))
    joined.deliver()
    expect(empty.updatesDone).toBe(1)
    // Of its own lease it may have lost a renewal: that one alone is kept longer, which the partner will hear.
    const own = empty.get(PREFIX)
    const isOther = (line: string): boolean => !line.includes('/56 ACTIVE')
    expect(agreedView(empty).filter(isOther)).toEqual(before.filter(isOther))
    expect(before.filter(isOther)).toHaveLength(before.length - 1)
    expect(own).toMatchObject({ status: 'ACTIVE', owedToPartner: true })
    const acked = pair.primary.get(PREFIX)?.expirationTime
    if (acked === undefined) throw new Error('the primary has acknowledged it')
    expect(own?.statusExpiresAt).toBe(addSeconds(acked, 3600))
    expect(empty.get('2001:db8:1::1011')?.expirationTime).toBe(promised)
    expect(full.get('2001:db8:1::1011')?.ackedPartnerLifetime).toBe(promised)
    // What the primary had acknowledged of the secondary's own lease is known again.
    expect(empty.get(PREFIX)?.partnerLifetime).toBeDefined()
  })

  test('UPDREQALL brings the primary its block back, although a lease out of it is kept longer and owed', () => {
    const pair = filled()
    const lease = pair.primary.get(PREFIX)
    if (lease === undefined) throw new Error('the secondary has granted it')
    const block: Binding = {
      ...lease,
      prefix: prefix('2001:db8:8000::/52'),
      client: undefined,
      status: 'FREE',
      statusExpiresAt: undefined,
      owedToPartner: false,
    }
    const empty = new Side('secondary', {})
    const full = new Side('primary', {}, [...pair.primary.table.all(), block])
    empty.state = 'RECOVER'
    empty.believesPartner = true
    full.state = 'PARTNER-DOWN'
    const joined = new UpdatePair(full, empty)
    joined.step(empty, (step) => empty.updates.requestUpdates(step, true))
    joined.deliver()
    expect(empty.get(PREFIX)).toMatchObject({ status: 'ACTIVE', owedToPartner: true })
    expect(empty.get('2001:db8:8000::/52')).toMatchObject({ status: 'FREE' })
  })

  test('a block that was refused for a lease out of it is owed from then on, and told again', () => {
    const pair = filled()
    const { primary, secondary } = pair
    const lease = primary.get(PREFIX) ?? expect.fail('the secondary has granted it')
    const block: Binding = {
      ...lease,
      prefix: prefix('2001:db8:8000::/52'),
      client: undefined,
      status: 'FREE',
      statusExpiresAt: undefined,
      owedToPartner: false,
    }
    primary.table.put(block)
    pair.cut('PARTNER-DOWN')
    pair.grant(secondary, '2001:db8:8000:200::/56', clientNumber(2, 'IA_PD'))
    secondary.state = 'RECOVER'
    for (const side of [primary, secondary]) side.connected = true
    pair.step(secondary, (step) => secondary.updates.requestUpdates(step, true))
    pair.deliver()
    expect(secondary.updatesDone).toBe(1)
    expect(secondary.get('2001:db8:8000::/52')).toBeUndefined()
    expect(primary.get('2001:db8:8000::/52')).toMatchObject({ owedToPartner: true })
    pair.cut()
    pair.connect()
    expect(primary.get('2001:db8:8000:200::/56')).toMatchObject({ status: 'ACTIVE' })
    pair.cut()
    pair.connect()
    expect(secondary.get('2001:db8:8000::/52')).toMatchObject({ status: 'FREE' })
    expect(primary.get('2001:db8:8000::/52')).toMatchObject({ owedToPartner: false })
    expect(agreedView(primary)).toEqual(agreedView(secondary))
  })

  test('begins anew after a break in the middle', () => {
    const pair = filled({ maxUnacked: 2 })
    pair.cut('PARTNER-DOWN')
    for (let number = 0; number < 5; number += 1) {
      pair.grant(pair.primary, `2001:db8:1::11${number}1`, clientNumber(number + 50))
    }
    for (const interrupt of [true, false]) {
      pair.secondary.state = 'RECOVER'
      pair.secondary.connected = true
      pair.primary.connected = true
      pair.step(pair.secondary, (step) => pair.secondary.updates.requestUpdates(step, false))
      pair.deliverOne(pair.secondary)
      if (!interrupt) break
      pair.deliverOne(pair.primary)
      pair.deliverOne(pair.secondary)
      pair.cut('PARTNER-DOWN')
      expect(pair.primary.updates.status()).toMatchObject({ unacked: 0, owed: 4, resync: undefined })
      expect([...pair.secondary.updates.outstandingTransactionIds()]).toEqual([])
    }
    pair.deliver()
    expect(pair.secondary.updatesDone).toBe(1)
    expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
  })

  test.for([
    [false, true],
    [true, false],
    [false, false],
  ])(
    'a request (all: %s) that another (all: %s) overtakes gets its UPDDONE too, after all that it asked for',
    (all) => {
      const pair = filled({ maxUnacked: 2 })
      pair.cut('PARTNER-DOWN')
      for (let number = 0; number < 5; number += 1) {
        pair.grant(pair.primary, `2001:db8:1::11${number}1`, clientNumber(number + 50))
      }
      pair.secondary.state = 'RECOVER'
      pair.secondary.connected = true
      pair.primary.connected = true
      const [first, second] = all
      if (first === undefined || second === undefined) throw new TypeError('two requests')
      const request = (everything: boolean): number => {
        pair.step(pair.secondary, (step) => pair.secondary.updates.requestUpdates(step, everything))
        pair.deliverOne(pair.secondary)
        const [outstanding] = pair.secondary.updates.outstandingTransactionIds()
        if (outstanding === undefined) throw new Error('a request is outstanding')
        return outstanding
      }
      const before = pair.primary.sent.length
      const ids = [request(first), request(second)]
      pair.deliver()
      const said = pair.primary.sent.slice(before)
      const done = said.filter(({ type }) => type === MessageType.Upddone)
      expect(done.map(({ transactionId }) => transactionId)).toEqual(ids)
      expect(said.slice(-2).map(({ type }) => type)).toEqual([MessageType.Upddone, MessageType.Upddone])
      const told = said.filter(({ type }) => type === MessageType.Bndupd)
      expect(told.length).toBeGreaterThanOrEqual(first || second ? 16 : 5)
      expect(pair.secondary.updatesDone).toBe(1)
      expect(agreedView(pair.primary)).toEqual(agreedView(pair.secondary))
    },
  )

  test('an UPDDONE of another request is not ours', () => {
    const pair = filled()
    pair.step(pair.secondary, (step) => pair.secondary.updates.requestUpdates(step, false))
    const stray = { kind: 'failover', type: MessageType.Upddone, transactionId: 4711, options: [] } as const
    const [request] = pair.secondary.outbox
    if (request === undefined) throw new TypeError('the request was sent')
    pair.step(pair.secondary, (step) => pair.secondary.updates.receive(step, { ...stray, sentTime: request.sentTime }))
    expect(pair.secondary.updatesDone).toBe(0)
  })
})
