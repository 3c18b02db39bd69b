/** RENEW and REBIND: what is extended, what is withdrawn, and when silence is right (RFC 9915 §18.3.4, §18.3.5). */
import { clientIdOption, MessageType, option, serverIdOption, StatusCode } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { addSeconds } from '../time/instant.ts'
import {
  clientA,
  clientB,
  elsewhere,
  forRelays,
  iaNa,
  iaPd,
  lan,
  partnerDuid,
  ServedLink,
  toServer,
  address,
} from '../../test-support/served-link.ts'

const fromA = option(clientIdOption, clientA)

const fromElsewhere = {
  listener: forRelays,
  from: { address: '2001:db8:2::1', port: 547 },
  relays: [{ hopCount: 0, linkAddress: address('2001:db8:2::1'), peerAddress: address('fe80::a'), options: [] }],
}

describe.each([
  { name: 'RENEW', type: MessageType.Renew, start: toServer(clientA) },
  { name: 'REBIND', type: MessageType.Rebind, start: [fromA] },
])('$name', ({ type, start }) => {
  test('extends addresses and prefixes, and keeps when they began', () => {
    const link = new ServedLink()
    const held = link.acquire(clientA, [iaNa(1), iaPd(1)])
    link.wait(500)
    const outcome = link.send(type, [...start, iaNa(1, held.leases[0] ?? ''), iaPd(1, held.leases[1] ?? '')])
    expect(outcome.message.type).toBe(MessageType.Reply)
    expect(outcome.leases).toEqual(held.leases)
    expect(outcome.committed).toMatchObject(
      held.committed.map(({ statusSince }) => ({
        status: 'ACTIVE',
        statusSince,
        clientHeardAt: link.now,
        statusExpiresAt: addSeconds(link.now, 4000),
      })),
    )
  })

  test('extends a lease in the half of the partner', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }
    const held = link.acquire(clientA, [iaNa(1)])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    expect(link.send(type, [...start, iaNa(1, ...held.leases)]).leases).toEqual(held.leases)
  })

  test('extends every lease of an IA', () => {
    const link = new ServedLink()
    const [first] = link.acquire(clientA, [iaNa(1)]).committed
    const [second] = link.acquire(clientB, [iaNa(1)]).committed
    if (first?.client === undefined || second === undefined) throw new Error('nothing was bound')
    link.table.put({ ...second, client: first.client })
    const outcome = link.send(type, [...start, iaNa(1, '2001:db8:1::10', '2001:db8:1::11')])
    expect(outcome.leases).toEqual(['2001:db8:1::10', '2001:db8:1::11'])
    expect(outcome.committed).toHaveLength(2)
    expect(link.send(type, [...start, iaNa(1)]).leases).toEqual(['2001:db8:1::10', '2001:db8:1::11'])
  })

  test('with a shorter lifetime keeps the lease as long as was promised before, since the answer may be lost', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const promisedUntil = link.recordOf(leases[0] ?? '')?.statusExpiresAt
    link.policy.validSecondsMax = 60
    const outcome = link.send(type, [...start, iaNa(1, ...leases)])
    expect(outcome.leases).toEqual(leases)
    expect(link.recordOf(leases[0] ?? '')).toMatchObject({ validSeconds: 60, statusExpiresAt: promisedUntil })
  })

  test('may go on while the failover state forbids allocation', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.policy.allocationPermission = { ok: false, because: 'RECOVER-DONE', rule: 'RFC 8156 section 8.7.1' }
    expect(link.send(type, [...start, iaNa(1, ...leases)]).leases).toEqual(leases)
  })

  test('withdraws an address of another link', () => {
    const outcome = new ServedLink().send(type, [...start, iaNa(1, '2001:db8:2::10')])
    expect(outcome.withdrawn).toEqual(['2001:db8:2::10'])
    expect(outcome.committed).toEqual([])
  })

  test('withdraws a prefix of a pool of another link', () => {
    const outcome = new ServedLink().send(type, [...start, iaPd(1, '2001:db8:9000::/60')])
    expect(outcome.withdrawn).toEqual(['2001:db8:9000::/60'])
  })

  test('withdraws what its own client took along to another link, and leaves the record alone', () => {
    const link = new ServedLink([lan, elsewhere])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const outcome = link.send(type, [...start, iaNa(1, ...leases)], fromElsewhere)
    expect(outcome.withdrawn).toEqual(leases)
    expect(outcome.committed).toEqual([])
    expect(link.recordOf(leases[0] ?? '')?.status).toBe('ACTIVE')
  })

  test('withdraws a lease that another client has', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientB, [iaNa(1)])
    const outcome = link.send(type, [...start, iaNa(1, ...leases)])
    expect(outcome.withdrawn).toEqual(leases)
    expect(link.recordOf(leases[0] ?? '')?.client?.duid).toBe(clientB)
  })

  test('leaves out an unknown lease beside a known one', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const outcome = link.send(type, [...start, iaNa(1, ...leases, '2001:db8:1::13')])
    expect([outcome.leases, outcome.withdrawn]).toEqual([leases, []])
  })

  test('does not revive a lease that has been released', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Release, [...toServer(clientA), iaNa(1, ...leases)])
    const outcome = link.send(type, [...start, iaNa(1, ...leases)])
    expect(outcome.committed).toEqual([])
    expect(link.recordOf(leases[0] ?? '')?.status).toBe('FREE')
  })
})

describe('an unknown lease', () => {
  test('is told NoBinding in a RENEW', () => {
    const outcome = new ServedLink().send(MessageType.Renew, [...toServer(clientA), iaNa(1, '2001:db8:1::12'), iaPd(1)])
    expect(outcome.iaStatuses).toEqual([StatusCode.NoBinding, StatusCode.NoBinding])
    expect(outcome.committed).toEqual([])
  })

  test('is met with silence in a REBIND, since the partner may know it', () => {
    const link = new ServedLink()
    expect(link.send(MessageType.Rebind, [fromA, iaNa(1, '2001:db8:1::12')]).unanswered).toBe('nothing-to-say')
    expect(link.send(MessageType.Rebind, [fromA, iaPd(1, '2001:db8:aaaa::/56')]).unanswered).toBe('nothing-to-say')
  })

  test('is told NoBinding in a REBIND where another IA is known', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const outcome = link.send(MessageType.Rebind, [fromA, iaNa(1, ...leases), iaPd(1, '2001:db8:8000::/56')])
    expect(outcome.leases).toEqual(leases)
    expect(outcome.iaStatuses).toEqual([undefined, StatusCode.NoBinding])
  })
})

describe('server identifiers', () => {
  test('a RENEW for the partner is not ours, whatever we know', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const options = [fromA, option(serverIdOption, partnerDuid), iaNa(1, ...leases)]
    expect(link.send(MessageType.Renew, options).unanswered).toBe('wrong-server-identifier')
  })

  test('a REBIND must not have one', () => {
    const outcome = new ServedLink().send(MessageType.Rebind, [...toServer(clientA), iaNa(1, '2001:db8:1::12')])
    expect(outcome.unanswered).toBe('rule-violated')
  })
})
