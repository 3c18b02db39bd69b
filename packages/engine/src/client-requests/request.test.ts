/** REQUEST: what is bound, with what record, and who wins a race (RFC 9915 §18.3.2; RFC 8156 section 7.3). */
import { clientFqdnOption, clientIdOption, MessageType, option, serverIdOption, StatusCode } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import { addSeconds, instant } from '../time/instant.ts'
import {
  clientA,
  clientB,
  elsewhere,
  iaNa,
  iaPd,
  lan,
  partnerDuid,
  ServedLink,
  toServer,
} from '../../test-support/served-link.ts'

describe('a granted REQUEST', () => {
  test('binds the offered leases with everything that the partner and storage need', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'primary', partnersPrefixesFrom: undefined }
    const offered = link.send(MessageType.Solicit, [option(clientIdOption, clientA), iaNa(1)]).leases
    const fqdn = option(clientFqdnOption, { flags: 1, domainName: 'host', fullyQualified: false })
    const outcome = link.send(MessageType.Request, [...toServer(clientA), iaNa(1, ...offered), fqdn])
    expect(outcome.message.type).toBe(MessageType.Reply)
    expect(outcome.leases).toEqual(offered)
    expect(outcome.ias[0]).toMatchObject({ t1: 1000, t2: 1600 })
    expect(outcome.committed).toEqual([
      {
        kind: 'address',
        prefix: { address: 0x20010db8000100000000000000000011n, length: 128 },
        subnetId: lan.id,
        relationship: 'pair',
        status: 'ACTIVE',
        client: { duid: clientA, iaType: 'IA_NA', iaid: 1 },
        statusSince: link.now,
        statusExpiresAt: addSeconds(link.now, 4000),
        t1Seconds: 1000,
        t2Seconds: 1600,
        preferredSeconds: 2000,
        validSeconds: 4000,
        lifetimeRule: {
          desiredSeconds: 4000,
          limitedBy: 'configuration',
          rule: 'set by the test',
          state: undefined,
          mcltSeconds: undefined,
        },
        lifetimeAcked: undefined,
        clientHeardAt: link.now,
        partnerHeardClientAt: undefined,
        expirationTime: undefined,
        ackedPartnerLifetime: undefined,
        partnerLifetime: undefined,
        owedToPartner: false,
        updateSent: false,
        relayData: undefined,
        clientFqdn: Uint8Array.from([1, 4, 0x68, 0x6f, 0x73, 0x74]),
      },
    ])
  })

  test('that is repeated gets the same leases', () => {
    const link = new ServedLink()
    const first = link.acquire(clientA, [iaNa(1), iaPd(1)])
    const again = link.send(MessageType.Request, [...toServer(clientA), iaNa(1, first.leases[0] ?? ''), iaPd(1)])
    expect(again.leases).toEqual(first.leases)
    expect(again.committed.map(({ statusSince }) => statusSince)).toEqual(
      first.committed.map(({ statusSince }) => statusSince),
    )
  })

  test('keeps what was promised about the lease before', () => {
    const link = new ServedLink()
    const [held] = link.acquire(clientA, [iaNa(1)]).committed
    if (held === undefined) throw new Error('nothing was bound')
    const acked = instant(1_900_000_000_000)
    link.table.put({ ...held, ackedPartnerLifetime: acked, expirationTime: acked, partnerHeardClientAt: link.now })
    const [renewed] = link.send(MessageType.Request, [...toServer(clientA), iaNa(1)]).committed
    expect(renewed).toMatchObject({
      ackedPartnerLifetime: acked,
      expirationTime: acked,
      statusSince: held.statusSince,
    })
    expect(renewed?.partnerHeardClientAt).toBeDefined()
  })

  test('uses the shortest lease for T1 and T2 of every IA', () => {
    const brief = {
      ...elsewhere,
      interfaceNames: ['eth0'],
      addressPools: [],
      lifetimes: { ...lan.lifetimes, preferredSeconds: 100, validSeconds: 200 },
    }
    const link = new ServedLink([{ ...lan, prefixPools: [] }, brief])
    const { ias } = link.acquire(clientA, [iaNa(1), iaPd(1)])
    expect(ias.map(({ t1, t2 }) => [t1, t2])).toEqual([
      [50, 80],
      [50, 80],
    ])
  })
})

describe('a race for one lease', () => {
  test('leaves the second client another lease', () => {
    const link = new ServedLink()
    const wanted = '2001:db8:1::12'
    const first = link.send(MessageType.Request, [...toServer(clientA), iaNa(1, wanted)])
    const second = link.send(MessageType.Request, [...toServer(clientB), iaNa(1, wanted)])
    expect(first.leases).toEqual([wanted])
    expect(second.leases).toHaveLength(1)
    expect(second.leases).not.toEqual([wanted])
  })

  test('leaves the second client nothing where nothing is left', () => {
    const link = new ServedLink([
      { ...lan, addressPools: lan.addressPools.map((pool) => ({ ...pool, last: pool.first })) },
    ])
    link.send(MessageType.Request, [...toServer(clientA), iaNa(1)])
    const second = link.send(MessageType.Request, [...toServer(clientB), iaNa(1)])
    expect(second.leases).toEqual([])
    expect(second.iaStatuses).toEqual([StatusCode.NoAddrsAvail])
    expect(second.committed).toEqual([])
  })

  test('is never won by a client whose lease is quarantined or held by another', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Decline, [...toServer(clientA), iaNa(1, ...leases)])
    const all = [1, 2, 3, 4, 5].map((iaid) =>
      link.send(MessageType.Request, [...toServer(clientB), iaNa(iaid, ...leases)]),
    )
    expect(all.flatMap((outcome) => outcome.leases).toSorted()).toEqual([
      '2001:db8:1::11',
      '2001:db8:1::12',
      '2001:db8:1::13',
    ])
  })
})

describe('a refused REQUEST', () => {
  test('is told NotOnLink for an address of another link, and served in its other IAs', () => {
    const link = new ServedLink()
    const outcome = link.send(MessageType.Request, [...toServer(clientA), iaNa(1, '2001:db8:2::10'), iaNa(2)])
    expect(outcome.iaStatuses).toEqual([StatusCode.NotOnLink, undefined])
    expect(outcome.leases).toEqual(['2001:db8:1::10'])
  })

  test('names another server', () => {
    const options = [option(clientIdOption, clientA), option(serverIdOption, partnerDuid), iaNa(1)]
    expect(new ServedLink().send(MessageType.Request, options).unanswered).toBe('wrong-server-identifier')
  })

  test('names no server', () => {
    const options = [option(clientIdOption, clientA), iaNa(1)]
    expect(new ServedLink().send(MessageType.Request, options).unanswered).toBe('rule-violated')
  })

  test('gets nothing new while the failover state forbids allocation, but keeps what it has', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    link.policy.allocationPermission = { ok: false, because: 'RECOVER-DONE', rule: 'RFC 8156 section 8.7.1' }
    expect(link.send(MessageType.Request, [...toServer(clientA), iaNa(1)]).leases).toEqual(leases)
    const fresh = link.send(MessageType.Request, [...toServer(clientB), iaNa(1)])
    expect(fresh.iaStatuses).toEqual([StatusCode.NoAddrsAvail])
    expect(fresh.effects.notices).toContainEqual(
      expect.objectContaining({ kind: 'allocation-failed', reason: 'RECOVER-DONE' }),
    )
  })

  test('never takes a lease from the half of the partner', () => {
    const link = new ServedLink([{ ...lan, relationship: 'pair' }])
    link.policy.allocationPolicy = { kind: 'own', role: 'secondary', partnersPrefixesFrom: undefined }
    const outcomes = [1, 2, 3].map((iaid) =>
      link.send(MessageType.Request, [...toServer(clientA), iaNa(iaid), iaPd(iaid)]),
    )
    expect(outcomes.flatMap(({ leases }) => leases)).toEqual(['2001:db8:1::10', '2001:db8:1::12'])
    expect(outcomes[2]?.iaStatuses).toEqual([StatusCode.NoAddrsAvail, StatusCode.NoPrefixAvail])
  })
})
