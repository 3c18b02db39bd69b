/** Reservations on two servers: the same, different, new and cancelled (docs/decisions/0075). */
import { duidFromHex, MessageType, option, vendorOptsOption, type Duid } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, type FailoverPair } from '../../test-support/failover-pair.ts'
import {
  clientSends,
  configureSubnet,
  ia,
  leasesOf,
  named,
  namedPrefix,
  pd,
  recordAt,
  servingPair,
  to,
} from '../../test-support/pair-clients.ts'
import { prefix } from '../../test-support/served-link.ts'
import type { Reservation, Role } from '../configuration/configuration.ts'
import {
  extensionOptions,
  EXTENSIONS_ENTERPRISE_NUMBER,
  noExtensions,
  readExtensions,
} from './connection/extensions.ts'
import { digestOf } from './text-digest.ts'

const alice = duidFromHex('000300010a000000000a')
const stranger = (number: number): Duid => duidFromHex(`000300010c00000000${(0x10 + number).toString(16)}`)

/** The pool is ::10 to ::1f: odd addresses are the primary's. */
const ODD = '2001:db8:1::15'
const EVEN = '2001:db8:1::16'
const PREFIX = '2001:db8:8000:a00::/56'

function reserve(lease: string, client: Duid = alice): Reservation {
  return {
    duid: client,
    iaid: undefined,
    kind: lease.includes('/') ? 'prefix' : 'address',
    prefix: lease.includes('/') ? prefix(lease) : { address: address(lease), length: 128 },
    hostname: undefined,
  }
}

function request(pair: FailoverPair, role: Role, client: Duid, lease = ODD): string | undefined {
  const asked = lease.includes('/') ? pd(1) : ia(1)
  return leasesOf(clientSends(pair, role, MessageType.Request, [...to(pair, role, client), asked]))[0]
}

function cut(pair: FailoverPair): void {
  pair.isNetworkUp = false
  pair.run(12)
}

function join(pair: FailoverPair): void {
  pair.isNetworkUp = true
  pair.run(15)
  expect(pair.states()).toBe('NORMAL / NORMAL')
}

function restartWith(pair: FailoverPair, role: Role, reservations: readonly Reservation[]): void {
  pair.kill(role)
  configureSubnet(pair, role, { reservations })
  pair.start(role)
  pair.run(8)
}

/** As many strangers as the half of a server has addresses, and more. */
function emptyHalf(pair: FailoverPair, role: Role): readonly string[] {
  return Array.from({ length: 12 }, (_, at) => request(pair, role, stranger(at)) ?? []).flat()
}

const differed = (pair: FailoverPair, role: Role): boolean =>
  pair.server(role).notices.some(({ kind }) => kind === 'reservations-differ')

describe('the same reservations on both servers', () => {
  for (const [role, lease, owner] of [
    ['secondary', ODD, 'the half of the primary'],
    ['primary', EVEN, 'the half of the secondary'],
    ['secondary', PREFIX, 'what the primary owns'],
    ['secondary', '2001:db8:1::dead', 'no pool and the half of the primary'],
    ['secondary', '2001:db8:7777::/48', 'no pool'],
  ] as const) {
    it(`let the ${role} give ${lease} from ${owner}, no longer than MCLT and to nobody else`, () => {
      const pair = servingPair({ reservations: [reserve(lease)] })
      expect(differed(pair, 'primary') || differed(pair, 'secondary')).toBe(false)
      cut(pair)
      expect(request(pair, role, alice, lease)).toBe(lease)
      expect(recordAt(pair, role, lease)?.validSeconds).toBe(60)
      for (const each of ['primary', 'secondary'] as const) expect(emptyHalf(pair, each)).not.toContain(lease)
      join(pair)
      for (const each of ['primary', 'secondary'] as const) {
        expect(recordAt(pair, each, lease)).toMatchObject({ status: 'ACTIVE', client: { duid: alice } })
      }
    })
  }

  it('are remembered by a server that restarts without contact', () => {
    const pair = servingPair({ reservations: [reserve(ODD)] })
    cut(pair)
    pair.kill('secondary')
    pair.start('secondary')
    pair.run(8)
    expect(pair.view('secondary').state).toBe('COMMUNICATIONS-INTERRUPTED')
    expect(request(pair, 'secondary', alice)).toBe(ODD)
  })

  it('serve their client at once in PARTNER-DOWN', () => {
    const pair = servingPair({ reservations: [reserve(ODD), reserve(PREFIX)] })
    pair.kill('primary')
    pair.run(1)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    expect([request(pair, 'secondary', alice), request(pair, 'secondary', alice, PREFIX)]).toEqual([ODD, PREFIX])
  })

  it('still wait for the partner where another client had the lease before', () => {
    const pair = servingPair()
    const strangers = Array.from({ length: 8 }, (_, at) => request(pair, 'primary', stranger(at)))
    const holder = stranger(strangers.indexOf(ODD))
    pair.run(1)
    for (const role of ['primary', 'secondary'] as const) restartWith(pair, role, [reserve(ODD)])
    pair.run(10)
    cut(pair)
    expect(recordAt(pair, 'secondary', ODD)).toMatchObject({ status: 'ACTIVE', client: { duid: holder } })
    expect(request(pair, 'secondary', alice)).not.toBe(ODD)
    clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', holder), ia(1, named(ODD))])
    expect(request(pair, 'primary', alice)).not.toBe(ODD)
    join(pair)
    expect(request(pair, 'primary', alice)).toBe(ODD)
  })
})

describe('a lease that is kept for any IA of a client', () => {
  /** Both know that the first IA has had it, and has given it back. */
  function usedBefore(): FailoverPair {
    const pair = servingPair({ reservations: [reserve(PREFIX)] })
    expect(request(pair, 'primary', alice, PREFIX)).toBe(PREFIX)
    pair.run(1)
    clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', alice), pd(1, namedPrefix(PREFIX))])
    pair.run(1)
    for (const role of ['primary', 'secondary'] as const) {
      expect(recordAt(pair, role, PREFIX)).toMatchObject({ status: 'FREE', client: { iaid: 1 } })
    }
    return pair
  }

  /** The IA asks for it by name. */
  function requestFor(pair: FailoverPair, role: Role, iaid: number): string | undefined {
    const asked = pd(iaid, namedPrefix(PREFIX))
    return leasesOf(clientSends(pair, role, MessageType.Request, [...to(pair, role, alice), asked]))[0]
  }

  for (const [role, partner] of [
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ] as const) {
    it(`goes at the ${role} in PARTNER-DOWN to the IA that had it at once, and to another after MCLT`, () => {
      const pair = usedBefore()
      cut(pair)
      // This one cannot be told of any more.
      expect(requestFor(pair, partner, 1)).toBe(PREFIX)
      pair.kill(partner)
      pair.declarePartnerDown(role, 'COMMUNICATIONS-INTERRUPTED')
      pair.run(1)
      expect(requestFor(pair, role, 2)).not.toBe(PREFIX)
      pair.run(50)
      expect(requestFor(pair, role, 2)).not.toBe(PREFIX)
      pair.run(10)
      expect(requestFor(pair, role, 2)).toBe(PREFIX)
    })

    it(`is not given to another IA by the ${role} out of contact, and is to the one that had it`, () => {
      const pair = usedBefore()
      cut(pair)
      expect(requestFor(pair, role, 2)).not.toBe(PREFIX)
      pair.run(120)
      expect(requestFor(pair, role, 2)).not.toBe(PREFIX)
      expect(requestFor(pair, role, 1)).toBe(PREFIX)
    })
  }

  it('goes to another IA in contact', () => {
    expect(requestFor(usedBefore(), 'primary', 2)).toBe(PREFIX)
  })

  it('goes to any IA out of contact where it was cancelled and is back, and nobody has ever had it', () => {
    const pair = servingPair({ reservations: [reserve(PREFIX)] })
    for (const reservations of [[], [reserve(PREFIX)]]) {
      for (const role of ['primary', 'secondary'] as const) restartWith(pair, role, reservations)
      pair.run(10)
    }
    expect(recordAt(pair, 'secondary', PREFIX)).toMatchObject({ status: 'FREE', client: { iaid: 0 } })
    cut(pair)
    expect(requestFor(pair, 'secondary', 1)).toBe(PREFIX)
  })

  it('waits for nobody where the reservation is for the other IA alone by now', () => {
    const pair = usedBefore()
    for (const role of ['primary', 'secondary'] as const) {
      restartWith(pair, role, [{ ...reserve(PREFIX), iaid: 2 }])
      pair.run(10)
    }
    cut(pair)
    expect(requestFor(pair, 'secondary', 2)).toBe(PREFIX)
  })
})

describe('different reservations', () => {
  it('are told on both sides, and leave each server with its own part: no lease has two clients', () => {
    const pair = servingPair()
    restartWith(pair, 'primary', [reserve(EVEN), reserve(ODD)])
    pair.run(10)
    expect([differed(pair, 'primary'), differed(pair, 'secondary')]).toEqual([true, true])
    cut(pair)
    const atSecondary = emptyHalf(pair, 'secondary')
    expect(atSecondary).toContain(EVEN)
    expect(request(pair, 'primary', alice)).toBe(ODD)
    pair.kill('primary')
    configureSubnet(pair, 'primary', { reservations: [reserve(EVEN)] })
    pair.start('primary')
    pair.run(8)
    expect(request(pair, 'primary', duidFromHex('000300010d0000000001'))).not.toBe(EVEN)
    join(pair)
    expect(recordAt(pair, 'primary', EVEN)?.client?.duid).not.toBe(alice)
  })

  it('for one lease and two clients give it on its owner’s side only', () => {
    const bob = duidFromHex('000300010b000000000b')
    const pair = servingPair({ reservations: [reserve(ODD)] })
    restartWith(pair, 'secondary', [reserve(ODD, bob)])
    cut(pair)
    expect(request(pair, 'secondary', bob)).not.toBe(ODD)
    expect(request(pair, 'primary', alice)).toBe(ODD)
  })
})

describe('a new reservation', () => {
  it('is not relied upon while its lease is another client’s and the partner does not know', () => {
    const pair = servingPair()
    cut(pair)
    const strangers = Array.from({ length: 8 }, (_, at) => request(pair, 'primary', stranger(at)))
    expect(strangers).toContain(ODD)
    for (const role of ['primary', 'secondary'] as const) restartWith(pair, role, [reserve(ODD)])
    pair.passes = (_from, message) => message.type !== MessageType.Bndupd
    pair.isNetworkUp = true
    pair.run(10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    expect(recordAt(pair, 'secondary', ODD)).toBeUndefined()
    cut(pair)
    expect(request(pair, 'secondary', alice)).not.toBe(ODD)
  })
})

describe('a cancelled reservation', () => {
  it('whose lease the partner gave and could not tell of stays with its client', () => {
    const pair = servingPair({ reservations: [reserve(ODD)] })
    cut(pair)
    expect(request(pair, 'secondary', alice)).toBe(ODD)
    // More than the five seconds within which times are a tie.
    pair.run(10)
    restartWith(pair, 'primary', [])
    expect(recordAt(pair, 'primary', ODD)?.status).toBe('EXPIRED')
    expect(emptyHalf(pair, 'primary')).toHaveLength(7)
    join(pair)
    for (const role of ['primary', 'secondary'] as const) {
      expect(recordAt(pair, role, ODD)).toMatchObject({
        status: 'ACTIVE',
        client: { duid: alice },
        owedToPartner: false,
      })
    }
    pair.run(6)
    clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', alice), ia(1, named(ODD))])
    pair.run(1)
    expect(recordAt(pair, 'secondary', ODD)?.status).toBe('FREE')
    expect(request(pair, 'primary', duidFromHex('000300010d0000000001'))).toBe(ODD)
  })

  for (const [lease, owner, becomes] of [
    [ODD, 'primary', 'FREE'],
    [EVEN, 'secondary', 'FREE-BACKUP'],
    [PREFIX, 'primary', 'FREE'],
  ] as const) {
    it(`of ${lease}, never used, returns to the ${owner} once the partner has agreed`, () => {
      const pair = servingPair({ reservations: [reserve(lease)] })
      cut(pair)
      restartWith(pair, owner, [])
      expect(recordAt(pair, owner, lease)).toMatchObject({ status: 'EXPIRED', owedToPartner: true })
      const other = owner === 'primary' ? 'secondary' : 'primary'
      restartWith(pair, other, [])
      expect(recordAt(pair, other, lease)).toBeUndefined()
      join(pair)
      for (const role of ['primary', 'secondary'] as const) expect(recordAt(pair, role, lease)?.status).toBe(becomes)
    })
  }

  it('in PARTNER-DOWN is free once MCLT has passed', () => {
    const pair = servingPair({ reservations: [reserve(ODD)] })
    pair.kill('secondary')
    pair.run(1)
    pair.declarePartnerDown('primary', 'COMMUNICATIONS-INTERRUPTED')
    restartWith(pair, 'primary', [])
    expect(pair.view('primary').state).toBe('PARTNER-DOWN')
    expect(emptyHalf(pair, 'primary')).not.toContain(ODD)
    pair.run(75)
    expect(emptyHalf(pair, 'primary')).toHaveLength(8)
  })

  it('outside of all pools is told to its end', () => {
    const lease = '2001:db8:1::dead'
    const pair = servingPair({ reservations: [reserve(lease)] })
    expect(request(pair, 'primary', alice)).toBe(lease)
    pair.run(6)
    for (const role of ['primary', 'secondary'] as const) restartWith(pair, role, [])
    pair.run(10)
    clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', alice), ia(1, named(lease))])
    pair.run(1)
    for (const role of ['primary', 'secondary'] as const) {
      expect(recordAt(pair, role, lease)).toMatchObject({ status: 'FREE', owedToPartner: false })
    }
    expect(request(pair, 'primary', alice)).not.toBe(lease)
  })
})

describe('what is announced in CONNECT', () => {
  it('is read back, and nothing is announced by a server that reserves nothing', () => {
    const digest = digestOf('address 2001:db8::1/128 0003 any')
    const announced = { reservations: digest, sharedAddresses: 'ab', earlierMcltSeconds: 7200 }
    expect(readExtensions(extensionOptions(announced))).toEqual(announced)
    expect(extensionOptions(noExtensions)).toEqual([])
  })

  it.each([
    ['of another vendor', 9, [0, 1, 0, 1, 65]],
    ['longer than it is', EXTENSIONS_ENTERPRISE_NUMBER, [0, 1, 0, 9, 65]],
    ['no number of seconds', EXTENSIONS_ENTERPRISE_NUMBER, [0, 3, 0, 2, 48, 49]],
    ['cut off', EXTENSIONS_ENTERPRISE_NUMBER, [0, 1, 0]],
  ])('means nothing where it is %s', (_name, enterprise, octets) => {
    const message = [option(vendorOptsOption, { enterprise, options: new Uint8Array(octets) })]
    expect(readExtensions(message)).toEqual(noExtensions)
  })

  it('is another digest for another text', () => {
    const texts = Array.from({ length: 2000 }, (_, at) => `address 2001:db8::${at.toString(16)}/128 0003 any`)
    expect(new Set(texts.map(digestOf)).size).toBe(2000)
  })
})
