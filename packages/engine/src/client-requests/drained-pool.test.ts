/** What clients get while a pool is being drained (docs/decisions/0117; RFC 9915 §18.3.1, §18.3.2, §18.3.4, §21.4). */
import {
  clientIdOption,
  findOptions,
  iaAddressOption,
  MessageType,
  option,
  StatusCode,
  type Duid,
} from '@tandem/protocol'
import { describe, expect, test } from 'vitest'
import type { Subnet } from '../configuration/configuration.ts'
import {
  address,
  clientA,
  clientB,
  elsewhere,
  iaNa,
  iaPd,
  lan,
  ServedLink,
  toServer,
  type Outcome,
} from '../../test-support/served-link.ts'

const VALID_SECONDS = lan.lifetimes.validSeconds

const spare = { id: 'spare', first: address('2001:db8:1::20'), last: address('2001:db8:1::2f') }
const lanWithSpare: Subnet = { ...lan, addressPools: [...lan.addressPools, spare] }

function drain(link: ServedLink, ...pools: readonly string[]): void {
  for (const pool of pools) link.pools.drains.begin({ pool, since: link.now, operator: 'ann', reason: 'renumbering' })
}

const solicit = (link: ServedLink, client: Duid, ...ias: Parameters<ServedLink['acquire']>[1]): Outcome =>
  link.send(MessageType.Solicit, [option(clientIdOption, client), ...ias])
const renew = (link: ServedLink, client: Duid, ...ias: Parameters<ServedLink['acquire']>[1]): Outcome =>
  link.send(MessageType.Renew, [...toServer(client), ...ias])

/** Preferred and valid lifetime of each address in an answer. */
const lifetimesIn = ({ ias }: Outcome): readonly (readonly [number, number])[] =>
  ias.flatMap(({ options }) =>
    findOptions(options, iaAddressOption).map(
      ({ preferredLifetime, validLifetime }) => [preferredLifetime, validLifetime] as const,
    ),
  )

describe('new clients of a drained pool', () => {
  test('get leases of another pool of the link', () => {
    const link = new ServedLink([lanWithSpare, elsewhere])
    drain(link, 'lan')
    expect(solicit(link, clientA, iaNa(1)).leases).toEqual(['2001:db8:1::20'])
    expect(link.acquire(clientB, [iaNa(1, '2001:db8:1::11')]).leases).toEqual(['2001:db8:1::21'])
  })

  test('get nothing where there is no other, and the reason is on record', () => {
    const link = new ServedLink()
    drain(link, 'lan', 'lan-pd')
    const outcome = solicit(link, clientA, iaNa(1), iaPd(1))
    expect(outcome.iaStatuses).toEqual([StatusCode.NoAddrsAvail, StatusCode.NoPrefixAvail])
    const failures = outcome.effects.notices.filter((notice) => notice.kind === 'allocation-failed')
    expect(failures).toMatchObject(
      ['address', 'prefix'].map((leaseKind) => ({
        leaseKind,
        rule: 'decision 0117',
        reason: 'a pool of the link is being drained, and no other has a lease left that may be given',
      })),
    )
  })

  test('get nothing of it that was offered before, or that they had before', () => {
    const link = new ServedLink()
    const offered = solicit(link, clientA, iaNa(1)).leases
    const { leases } = link.acquire(clientB, [iaNa(1)])
    link.send(MessageType.Release, [...toServer(clientB), iaNa(1, ...leases)])
    drain(link, 'lan')
    const asks = (client: Duid, named: readonly string[]) =>
      link.send(MessageType.Request, [...toServer(client), iaNa(1, ...named)]).iaStatuses
    expect([asks(clientA, offered), asks(clientB, leases)]).toEqual([
      [StatusCode.NoAddrsAvail],
      [StatusCode.NoAddrsAvail],
    ])
  })

  test('get leases of it again when it is drained no longer', () => {
    const link = new ServedLink()
    drain(link, 'lan')
    link.pools.drains.end('lan')
    expect(solicit(link, clientA, iaNa(1)).leases).toHaveLength(1)
  })
})

describe('a client that holds a lease of a drained pool', () => {
  test.each([MessageType.Renew, MessageType.Rebind])('keeps what it was promised and no more (message %i)', (type) => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    const promisedUntil = link.recordOf(leases[0] ?? '')?.statusExpiresAt
    drain(link, 'lan')
    link.wait(1000)
    const identifiers = type === MessageType.Renew ? toServer(clientA) : [option(clientIdOption, clientA)]
    const outcome = link.send(type, [...identifiers, iaNa(1, ...leases)])
    // Some milliseconds have passed, and a second that has begun is over.
    expect(lifetimesIn(outcome)).toEqual([[0, VALID_SECONDS - 1001]])
    // Asked for again while it is valid: the pool may be drained no longer then.
    expect(outcome.ias).toMatchObject([{ t1: 1499, t2: 2399 }])
    expect(link.recordOf(leases[0] ?? '')).toMatchObject({
      statusExpiresAt: promisedUntil,
      preferredSeconds: 0,
      lifetimeRule: { limitedBy: 'drain', rule: 'decision 0117', desiredSeconds: VALID_SECONDS },
    })
  })

  test('is given another lease beside it, where a pool of the link has one', () => {
    const link = new ServedLink([lanWithSpare, elsewhere])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    drain(link, 'lan')
    link.wait(1000)
    const outcome = renew(link, clientA, iaNa(1, ...leases))
    expect(outcome.leases).toEqual([...leases, '2001:db8:1::20'])
    expect(lifetimesIn(outcome)).toEqual([
      [0, VALID_SECONDS - 1001],
      [lan.lifetimes.preferredSeconds, VALID_SECONDS],
    ])
    // By the one that stays.
    expect(outcome.ias).toMatchObject([{ t1: 1000, t2: 1600 }])
  })

  test('is given the same one again until it says that it has it, and no third one', () => {
    const link = new ServedLink([lanWithSpare, elsewhere])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    drain(link, 'lan')
    link.wait(100)
    const both = renew(link, clientA, iaNa(1, ...leases)).leases
    // The answer was lost, or its client takes no second address.
    link.wait(1000)
    expect(renew(link, clientA, iaNa(1, ...leases)).leases).toEqual(both)
    link.wait(1000)
    expect(renew(link, clientA, iaNa(1, ...both)).leases).toEqual(both)
    expect([...link.table.all()].map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE'])
  })

  test('gives the old one back by leaving it out', () => {
    const link = new ServedLink([lanWithSpare, elsewhere])
    const { leases } = link.acquire(clientA, [iaNa(1)])
    drain(link, 'lan')
    link.wait(100)
    const [, given = ''] = renew(link, clientA, iaNa(1, ...leases)).leases
    link.wait(1000)
    expect(renew(link, clientA, iaNa(1, given)).leases).toEqual([given])
    expect(link.recordOf(leases[0] ?? '')?.status).toBe('FREE')
  })

  test('that starts anew gets another one, or the old one for the rest where there is none', () => {
    const one = new ServedLink()
    const two = new ServedLink([lanWithSpare, elsewhere])
    for (const link of [one, two]) {
      link.acquire(clientA, [iaNa(1)])
      drain(link, 'lan')
      link.wait(1000)
    }
    expect(lifetimesIn(solicit(one, clientA, iaNa(1)))).toEqual([[0, VALID_SECONDS - 1001]])
    expect(two.acquire(clientA, [iaNa(1)]).leases).toEqual(['2001:db8:1::20'])
    expect(two.acquire(clientA, [iaNa(1)]).leases).toEqual(['2001:db8:1::20'])
  })

  test('gets it in full again when the pool is drained no longer', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    drain(link, 'lan')
    link.wait(1000)
    renew(link, clientA, iaNa(1, ...leases))
    link.pools.drains.end('lan')
    expect(lifetimesIn(renew(link, clientA, iaNa(1, ...leases)))).toEqual([
      [lan.lifetimes.preferredSeconds, VALID_SECONDS],
    ])
  })

  test('is told of no lifetime that the MCLT does not allow', () => {
    const link = new ServedLink()
    const { leases } = link.acquire(clientA, [iaNa(1)])
    drain(link, 'lan')
    link.policy.validSecondsMax = 600
    const outcome = renew(link, clientA, iaNa(1, ...leases))
    expect(lifetimesIn(outcome)).toEqual([[0, 600]])
    expect(link.recordOf(leases[0] ?? '')?.lifetimeRule).toMatchObject({ limitedBy: 'mclt' })
  })
})

test('a reserved lease is not drained: its client gets and keeps it', () => {
  const kept = { address: address('2001:db8:1::12'), length: 128 }
  const reservation = { duid: clientA, iaid: undefined, kind: 'address', prefix: kept, hostname: undefined } as const
  const link = new ServedLink([{ ...lan, reservations: [reservation] }, elsewhere])
  drain(link, 'lan')
  expect(link.acquire(clientA, [iaNa(1)]).leases).toEqual(['2001:db8:1::12'])
  link.wait(1000)
  expect(lifetimesIn(renew(link, clientA, iaNa(1, '2001:db8:1::12')))).toEqual([
    [lan.lifetimes.preferredSeconds, VALID_SECONDS],
  ])
  expect(link.pools.drains.snapshot('lan')).toMatchObject({ leasesLeft: 0, reservedInUse: 1, lastEndAt: undefined })
})

describe('the count to empty', () => {
  test('counts what was there before, and the last end among it', () => {
    const link = new ServedLink()
    const first = link.acquire(clientA, [iaNa(1), iaPd(1)]).leases
    link.wait(100)
    const [last = ''] = link.acquire(clientB, [iaNa(1)]).leases
    const lastEndAt = link.recordOf(last)?.statusExpiresAt
    drain(link, 'lan')
    expect(link.pools.drains.snapshot('lan')).toMatchObject({ leasesLeft: 2, lastEndAt, operator: 'ann' })
    link.send(MessageType.Release, [...toServer(clientB), iaNa(1, last)])
    expect(link.pools.drains.snapshot('lan')).toMatchObject({
      leasesLeft: 1,
      lastEndAt: link.recordOf(first[0] ?? '')?.statusExpiresAt,
    })
    link.send(MessageType.Release, [...toServer(clientA), iaNa(1, first[0] ?? '')])
    expect(link.pools.drains.snapshot('lan')).toMatchObject({ leasesLeft: 0, lastEndAt: undefined })
    expect(link.pools.drains.snapshot('lan-pd')).toBeUndefined()
  })

  test('follows a partner that does not drain and extends', () => {
    const link = new ServedLink()
    const [lease = ''] = link.acquire(clientA, [iaNa(1)]).leases
    drain(link, 'lan')
    const record = link.recordOf(lease)
    if (record?.statusExpiresAt === undefined) throw new Error('it is leased')
    const later = { ...record, statusExpiresAt: link.now }
    link.table.put(later)
    expect(link.pools.drains.snapshot('lan')).toMatchObject({ leasesLeft: 1, lastEndAt: later.statusExpiresAt })
    link.table.put(record)
    expect(link.pools.drains.snapshot('lan')).toMatchObject({ leasesLeft: 1, lastEndAt: record.statusExpiresAt })
  })
})
