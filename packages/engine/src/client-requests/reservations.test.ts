/** Leases that are kept for their clients (docs/decisions/0075; RFC 9915 §18.3.1, §18.3.2, §18.3.4, §18.3.5). */
import { clientFqdnOption, clientIdOption, MessageType, option, StatusCode, type Duid } from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Reservation, Subnet } from '../configuration/configuration.ts'
import {
  address,
  clientA,
  clientB,
  duid,
  elsewhere,
  iaNa,
  iaPd,
  lan,
  prefix,
  ServedLink,
  toServer,
} from '../../test-support/served-link.ts'
import { reservedFqdn } from './client-request.ts'

function reserve(lease: string, client: Duid, more: Partial<Reservation> = {}): Reservation {
  return {
    duid: client,
    iaid: undefined,
    kind: lease.includes('/') ? 'prefix' : 'address',
    prefix: lease.includes('/') ? prefix(lease) : { address: address(lease), length: 128 },
    hostname: undefined,
    ...more,
  }
}

function linkWith(reservations: readonly Reservation[], more: Partial<Subnet> = {}): ServedLink {
  return new ServedLink([{ ...lan, ...more, reservations }, elsewhere])
}

const numbered = (number: number): Duid => duid(`00:03:00:01:0c:00:00:00:00:${number.toString(16).padStart(2, '0')}`)

describe('a reserved lease', () => {
  test.each([
    ['an address in a pool', '2001:db8:1::12', iaNa(1)],
    ['an address in no pool', '2001:db8:1::beef', iaNa(1)],
    ['a prefix in a pool', '2001:db8:8000:a00::/56', iaPd(1)],
    ['a prefix in no pool', '2001:db8:7777::/48', iaPd(1)],
  ])('is offered and given to its client: %s', (_name, lease, ia) => {
    const link = linkWith([reserve(lease, clientA)])
    const offer = link.send(MessageType.Solicit, [option(clientIdOption, clientA), ia])
    expect(offer.leases).toEqual([lease])
    expect(link.acquire(clientA, [ia]).leases).toEqual([lease])
    expect(link.recordOf(lease)).toMatchObject({ status: 'ACTIVE', client: { duid: clientA } })
  })

  test('goes to nobody else: neither by choice, nor by hint, nor when nothing else is left', () => {
    const link = linkWith([reserve('2001:db8:1::10', clientA), reserve('2001:db8:8000::/56', clientA)])
    const given = Array.from({ length: 4 }, (_, at) => link.acquire(numbered(at), [iaNa(1)]).leases).flat()
    expect(given.toSorted()).toEqual(['2001:db8:1::11', '2001:db8:1::12', '2001:db8:1::13'])
    const hinted = link.send(MessageType.Request, [
      ...toServer(clientB),
      iaNa(1, '2001:db8:1::10'),
      iaPd(1, '2001:db8:8000::/56'),
    ])
    expect(hinted.iaStatuses).toEqual([StatusCode.NoAddrsAvail, undefined])
    expect(hinted.leases).not.toContain('2001:db8:8000::/56')
    const prefixes = Array.from({ length: 15 }, (_, at) => link.acquire(numbered(at), [iaPd(2)]).leases).flat()
    expect(prefixes).toHaveLength(14)
    expect(prefixes).not.toContain('2001:db8:8000::/56')
  })

  test('for one IA is not given to another IA of the same client', () => {
    const link = linkWith([reserve('2001:db8:1::12', clientA, { iaid: 7 })])
    const { ias } = link.acquire(clientA, [iaNa(1), iaNa(7)])
    expect(ias.map(({ iaid }) => iaid)).toEqual([1, 7])
    expect(link.recordOf('2001:db8:1::12')?.client?.iaid).toBe(7)
  })

  test('for any IA goes to one of them, and two of them to two', () => {
    const one = linkWith([reserve('2001:db8:1::12', clientA)])
    const { leases } = one.acquire(clientA, [iaNa(1), iaNa(2)])
    expect(leases).toHaveLength(2)
    expect(leases[0]).toBe('2001:db8:1::12')
    const two = linkWith([reserve('2001:db8:1::12', clientA), reserve('2001:db8:1::13', clientA)])
    expect(two.acquire(clientA, [iaNa(1), iaNa(2)]).leases).toEqual(['2001:db8:1::12', '2001:db8:1::13'])
    expect(two.acquire(clientA, [iaNa(2)]).leases).toEqual(['2001:db8:1::13'])
  })

  describe('for any IA, that the client names in one of them', () => {
    const [reserved, other] = ['2001:db8:8000:a00::/56', '2001:db8:8000:300::/56']

    // The partner may have given it to that IA without our knowing.
    for (const type of ['Renew', 'Rebind'] as const) {
      test(`does not go to another at ${type}`, () => {
        const link = linkWith([reserve(reserved, clientA)])
        link.acquire(clientA, [iaPd(1, reserved), iaPd(2, other)])
        link.send(MessageType.Release, [...toServer(clientA), iaPd(1, reserved)])
        expect(link.recordOf(other)).toMatchObject({ status: 'ACTIVE', client: { iaid: 2 } })
        const from = type === 'Renew' ? toServer(clientA) : [option(clientIdOption, clientA)]
        const answer = link.send(MessageType[type], [...from, iaPd(1, reserved), iaPd(2, other)])
        expect([answer.leases, answer.withdrawn]).toEqual([[other], []])
        expect(answer.iaStatuses).toEqual([StatusCode.NoBinding, undefined])
        const without = link.send(MessageType[type], [...from, iaPd(2, other)])
        expect([without.leases, without.withdrawn]).toEqual([[reserved], [other]])
      })
    }

    test('goes to that one at REQUEST, whichever comes first', () => {
      const link = linkWith([reserve(reserved, clientA)])
      link.acquire(clientA, [iaPd(2), iaPd(1, reserved)])
      expect(link.recordOf(reserved)?.client?.iaid).toBe(1)
    })

    test('goes to the first where several name it, and to its own where a wrong one does', () => {
      const several = linkWith([reserve(reserved, clientA)])
      several.acquire(clientA, [iaPd(2, reserved), iaPd(1, reserved)])
      expect(several.recordOf(reserved)?.client?.iaid).toBe(2)
      const wrong = linkWith([reserve(reserved, clientA, { iaid: 7 })])
      wrong.acquire(clientA, [iaPd(1, reserved), iaPd(7)])
      expect(wrong.recordOf(reserved)?.client?.iaid).toBe(7)
    })
  })

  test('that was declined is not given again, and its client gets another', () => {
    const link = linkWith([reserve('2001:db8:1::12', clientA)])
    link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Decline, [...toServer(clientA), iaNa(1, '2001:db8:1::12')])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    expect(leases).toHaveLength(1)
    expect(leases).not.toContain('2001:db8:1::12')
  })

  test('comes back to its client after its end', () => {
    const link = linkWith([reserve('2001:db8:1::beef', clientA)])
    link.acquire(clientA, [iaNa(1)])
    link.send(MessageType.Release, [...toServer(clientA), iaNa(1, '2001:db8:1::beef')])
    expect(link.recordOf('2001:db8:1::beef')?.status).toBe('FREE')
    expect(link.acquire(clientB, [iaNa(1)]).leases).not.toContain('2001:db8:1::beef')
    expect(link.acquire(clientA, [iaNa(1)]).leases).toEqual(['2001:db8:1::beef'])
  })

  test('is not given on another link', () => {
    const link = new ServedLink([lan, { ...elsewhere, reservations: [reserve('2001:db8:2::12', clientA)] }])
    expect(link.acquire(clientA, [iaNa(1)]).leases[0]).toMatch(/^2001:db8:1::/u)
  })

  test('carries the name of the configuration, not that of the client', () => {
    const link = linkWith([reserve('2001:db8:1::12', clientA, { hostname: 'printer.example.org' })])
    const fqdn = option(clientFqdnOption, { flags: 1, domainName: 'laptop', fullyQualified: false })
    link.send(MessageType.Request, [...toServer(clientA), iaNa(1), fqdn])
    expect(link.recordOf('2001:db8:1::12')?.clientFqdn).toEqual(reservedFqdn('printer.example.org'))
  })
})

/** The leases stand as under the configuration before; then the reservations come. */
function reconfigured(before: ServedLink, reservations: readonly Reservation[]): ServedLink {
  const link = linkWith(reservations)
  for (const binding of before.table.all()) link.table.put(binding)
  return link
}

describe('a client that has another lease when its reservation comes', () => {
  for (const type of ['Renew', 'Rebind'] as const) {
    test(`gets the reserved one at ${type}, and the old one is withdrawn and runs to its end`, () => {
      const before = linkWith([])
      const [old = ''] = before.acquire(clientA, [iaNa(1)]).leases
      const link = reconfigured(before, [reserve('2001:db8:1::beef', clientA)])
      const from = type === 'Renew' ? toServer(clientA) : [option(clientIdOption, clientA)]
      const answer = link.send(MessageType[type], [...from, iaNa(1, old)])
      expect(answer.leases).toEqual(['2001:db8:1::beef'])
      expect(answer.withdrawn).toEqual([old])
      // The answer may be lost: the old lease must not be another client's before the time that was promised.
      expect(link.recordOf(old)).toEqual(before.recordOf(old))
      const again = link.send(MessageType[type], [...from, iaNa(1, '2001:db8:1::beef')])
      expect([again.leases, again.withdrawn]).toEqual([['2001:db8:1::beef'], []])
    })
  }

  test('gets the reserved one at SOLICIT and REQUEST too', () => {
    const before = linkWith([])
    before.acquire(clientA, [iaPd(1)])
    const link = reconfigured(before, [reserve('2001:db8:8000:a00::/56', clientA)])
    expect(link.acquire(clientA, [iaPd(1)]).leases).toEqual(['2001:db8:8000:a00::/56'])
  })

  test('keeps its lease while the reserved one is still in use by another client', () => {
    const before = linkWith([])
    const [taken = ''] = before.acquire(clientB, [iaNa(1)]).leases
    const [old = ''] = before.acquire(clientA, [iaNa(1)]).leases
    const link = reconfigured(before, [reserve(taken, clientA)])
    const answer = link.send(MessageType.Renew, [...toServer(clientA), iaNa(1, old)])
    expect([answer.leases, answer.withdrawn]).toEqual([[old], []])
  })

  test('that nobody here knows is still told nothing of it in a REBIND', () => {
    const link = linkWith([reserve('2001:db8:1::12', clientA)])
    const answer = link.send(MessageType.Rebind, [option(clientIdOption, clientA), iaNa(1, '2001:db8:1::13')])
    expect(answer.unanswered).toBe('nothing-to-say')
  })
})

describe('a client whose lease is reserved for another', () => {
  test('is told to stop at RENEW and gets another; its lease is nobody’s before its end', () => {
    const before = linkWith([])
    const [lease = ''] = before.acquire(clientB, [iaNa(1)]).leases
    const link = reconfigured(before, [reserve(lease, clientA)])
    const answer = link.send(MessageType.Renew, [...toServer(clientB), iaNa(1, lease)])
    expect(answer.withdrawn).toEqual([lease])
    expect(answer.leases).toHaveLength(1)
    expect(answer.leases).not.toContain(lease)
    expect(link.recordOf(lease)).toEqual(before.recordOf(lease))
    expect(link.acquire(clientA, [iaNa(1)]).leases).not.toContain(lease)
    expect(link.acquire(clientB, [iaNa(1)]).leases).toEqual(answer.leases)
  })

  test('is told to stop even where nothing else is left', () => {
    const before = linkWith([])
    const leases = Array.from({ length: 4 }, (_, at) => before.acquire(numbered(at), [iaNa(1)]).leases[0] ?? '')
    const link = reconfigured(before, [reserve(leases[0] ?? '', clientA)])
    const answer = link.send(MessageType.Renew, [...toServer(numbered(0)), iaNa(1, leases[0] ?? '')])
    expect([answer.leases, answer.withdrawn]).toEqual([[], [leases[0]]])
  })
})

describe('the counts of a pool', () => {
  test('keep what is reserved and not in use apart from what is free', () => {
    const reservations = [
      reserve('2001:db8:1::10', clientA),
      reserve('2001:db8:1::beef', clientB),
      reserve('2001:db8:8000::/56', clientA),
      reserve('2001:db8:7777::/48', clientB),
    ]
    const link = linkWith(reservations)
    const counts = () =>
      [...link.pools.address, ...link.pools.prefix]
        .filter(({ subnet }) => subnet.id === lan.id)
        .map((pool) => pool.snapshot(undefined))
        .map(({ total, leased, ownFree, reserved }) => [total, leased, ownFree, reserved])
    expect(counts()).toEqual([
      [4n, 0n, 3n, 1n],
      [16n, 0n, 15n, 1n],
    ])
    link.acquire(clientA, [iaNa(1), iaPd(1)])
    link.acquire(clientB, [iaNa(1), iaPd(1)])
    expect(counts()).toEqual([
      [4n, 1n, 3n, 0n],
      [16n, 1n, 15n, 0n],
    ])
    link.send(MessageType.Release, [...toServer(clientA), iaNa(1, '2001:db8:1::10'), iaPd(1, '2001:db8:8000::/56')])
    expect(counts()).toEqual([
      [4n, 0n, 3n, 1n],
      [16n, 0n, 15n, 1n],
    ])
  })

  test('stay right with ten thousand reservations, which cost no search', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => {
      return reserve(`2001:db8:1::${(0x1000 + at).toString(16)}`, numbered(at % 200), { iaid: at })
    })
    const pool = { id: 'lan', first: address('2001:db8:1::1000'), last: address('2001:db8:1::ffff') }
    const link = linkWith(many, { addressPools: [pool] })
    const [lease = ''] = link.acquire(clientA, [iaNa(1)]).leases
    expect(lease).toBe(`2001:db8:1::${(0x1000 + 10_000).toString(16)}`)
    expect(link.pools.address[0]?.snapshot(undefined)).toMatchObject({ reserved: 10_000n, leased: 1n })
  })
})
