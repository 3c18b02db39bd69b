/** What failover needs from the client side, with two whole engines: what one server granted, the other one knows, keeps and ends (RFC 8156 sections 7.2 and 7.4; RFC 9915 section 18.3). */
import {
  clientFqdnOption,
  clientIdOption,
  duidFromHex,
  findOption,
  iaTaOption,
  MessageType,
  option,
  StatusCode,
  statusCodeOption,
  type Duid,
  type OptionInstance,
} from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address } from '../../test-support/failover-pair.ts'
import { prefix } from '../../test-support/served-link.ts'
import {
  clientSends,
  ia,
  leasesOf,
  named,
  namedPrefix,
  pd,
  recordAt,
  servingPair,
  to,
} from '../../test-support/pair-clients.ts'
import type { FailoverPair } from '../../test-support/failover-pair.ts'
import { keyOf, type Binding } from '../bindings/binding.ts'
import type { Role } from '../configuration/configuration.ts'
import { addSeconds, type Instant } from '../time/instant.ts'

const alice = duidFromHex('000300010a000000000a')
const bob = duidFromHex('000300010b000000000b')

describe('a client with several IAs', () => {
  it('goes on with all of them at the partner, each in its own IA', () => {
    const pair = servingPair()
    const ias = [ia(1), ia(2), pd(1), pd(7)]
    const granted = leasesOf(clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', alice), ...ias]))
    expect(new Set(granted).size).toBe(4)
    pair.run(1)
    pair.isNetworkUp = false
    pair.run(12)
    const [first = '', second = '', third = '', fourth = ''] = granted
    const rebound = clientSends(pair, 'secondary', MessageType.Rebind, [
      option(clientIdOption, alice),
      ia(1, named(first)),
      ia(2, named(second)),
      pd(1, namedPrefix(third)),
      pd(7, namedPrefix(fourth)),
    ])
    expect(leasesOf(rebound)).toEqual(granted)
    expect(granted.map((lease) => recordAt(pair, 'secondary', lease)?.client?.iaid)).toEqual([1, 2, 1, 7])
  })
})

describe('a declined address', () => {
  it('is given by neither server again, after a restart and after the loss of contact too', () => {
    const pair = servingPair()
    const request = (role: Role, client: Duid) =>
      leasesOf(clientSends(pair, role, MessageType.Request, [...to(pair, role, client), ia(1)]))[0] ?? ''
    const declined = request('primary', alice)
    const answer = clientSends(pair, 'primary', MessageType.Decline, [
      ...to(pair, 'primary', alice),
      ia(1, named(declined)),
    ])
    expect(findOption(answer?.options ?? [], statusCodeOption)?.code).toBe(StatusCode.Success)
    pair.run(1)
    for (const role of ['primary', 'secondary'] as const) {
      expect(recordAt(pair, role, declined)).toMatchObject({ status: 'ABANDONED', owedToPartner: false })
    }
    pair.kill('primary')
    pair.start('primary')
    pair.run(10)
    pair.isNetworkUp = false
    pair.run(12)
    pair.declarePartnerDown('primary', pair.view('primary').state)
    pair.run(200)
    const pool = Array.from({ length: 12 }, (_, at) => request('primary', duidFromHex(`00030001020000aa00${10 + at}`)))
    expect(pool.filter((lease) => lease !== '')).toHaveLength(7)
    expect(pool).not.toContain(declined)
  })
})

describe('a lease that has ended', () => {
  for (const how of ['released', 'expired'] as const) {
    it(`and was ${how} goes back to the same IA, and another one is asked for other leases first`, () => {
      const pair = servingPair()
      const request = (client: Duid): string =>
        leasesOf(clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', client), ia(1)]))[0] ?? ''
      const lease = request(alice)
      pair.run(1)
      if (how === 'released') {
        clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', alice), ia(1, named(lease))])
        pair.run(1)
      } else pair.run(70)
      for (const role of ['primary', 'secondary'] as const) {
        expect(recordAt(pair, role, lease)).toMatchObject({ status: 'FREE', client: { duid: alice } })
      }
      expect(request(bob)).not.toBe(lease)
      expect(request(alice)).toBe(lease)
    })
  }

  it('is remembered for its client by the partner, who was only told of it', () => {
    const pair = servingPair()
    const even =
      leasesOf(clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', alice), ia(1)]))[0] ?? ''
    // More than the five seconds within which times are a tie.
    pair.run(6)
    clientSends(pair, 'primary', MessageType.Release, [...to(pair, 'primary', alice), ia(1, named(even))])
    pair.run(1)
    expect(recordAt(pair, 'secondary', even)).toMatchObject({ status: 'FREE-BACKUP', client: { duid: alice } })
    const again = clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', alice), ia(1)])
    expect(leasesOf(again)).toEqual([even])
  })
})

describe('name and relays of a client', () => {
  const fqdn = option(clientFqdnOption, { flags: 1, domainName: 'printer', fullyQualified: false })
  const relay = (interfaceId: number) => ({
    hopCount: 0,
    linkAddress: address('2001:db8:1::1'),
    peerAddress: address('fe80::a'),
    options: [{ code: 18, value: new Uint8Array([interfaceId]) }],
  })

  it('are kept with the lease on both servers, whichever of them it asked last', () => {
    const pair = servingPair()
    const first = clientSends(
      pair,
      'primary',
      MessageType.Request,
      [...to(pair, 'primary', alice), ia(1), fqdn],
      relay(1),
    )
    const lease = leasesOf(first)[0] ?? ''
    pair.run(1)
    const here = recordAt(pair, 'primary', lease)
    expect(here?.clientFqdn).toBeDefined()
    expect(here?.relayData).toBeDefined()
    expect(recordAt(pair, 'secondary', lease)).toMatchObject({
      clientFqdn: here?.clientFqdn,
      relayData: here?.relayData,
    })
    clientSends(pair, 'secondary', MessageType.Renew, [...to(pair, 'secondary', alice), ia(1, named(lease))], relay(2))
    pair.run(1)
    const renewed = recordAt(pair, 'secondary', lease)
    expect(renewed?.relayData).not.toEqual(here?.relayData)
    expect(recordAt(pair, 'primary', lease)).toMatchObject({
      clientFqdn: here?.clientFqdn,
      relayData: renewed?.relayData,
    })
  })
})

describe('temporary addresses that the partner gave', () => {
  const iaTa = (...leases: readonly OptionInstance[]): OptionInstance =>
    option(iaTaOption, { iaid: 3, options: leases })

  /** Only another maker's partner gives them; here one stands in its storage when it starts. */
  function withTemporary(): { readonly pair: FailoverPair; readonly lease: string } {
    const pair = servingPair()
    const lease =
      leasesOf(clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', alice), ia(3)]))[0] ?? ''
    pair.run(1)
    const asTemporary = recordAt(pair, 'primary', lease)
    if (asTemporary?.client === undefined) throw new Error('the lease is on record')
    for (const role of ['primary', 'secondary'] as const) pair.kill(role)
    pair.secondary.bindings.clear()
    const temporary: Binding = {
      ...asTemporary,
      client: { ...asTemporary.client, iaType: 'IA_TA' },
      statusExpiresAt: addSeconds(pair.now, 900),
      owedToPartner: true,
    }
    pair.primary.bindings.set(keyOf(temporary), temporary)
    pair.startBoth()
    pair.run(8)
    expect(recordAt(pair, 'secondary', lease)).toMatchObject({ status: 'ACTIVE', client: { iaType: 'IA_TA', iaid: 3 } })
    pair.kill('primary')
    pair.run(12)
    return { pair, lease }
  }

  it('are renewed, rebound and given back here after take-over', () => {
    const { pair, lease } = withTemporary()
    const renewed = clientSends(pair, 'secondary', MessageType.Renew, [
      ...to(pair, 'secondary', alice),
      iaTa(named(lease)),
    ])
    expect(leasesOf(renewed)).toEqual([lease])
    const rebound = clientSends(pair, 'secondary', MessageType.Rebind, [
      option(clientIdOption, alice),
      iaTa(named(lease)),
    ])
    expect(leasesOf(rebound)).toEqual([lease])
    const asked = clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', alice), iaTa()])
    expect(leasesOf(asked)).toEqual([lease])
    clientSends(pair, 'secondary', MessageType.Release, [...to(pair, 'secondary', alice), iaTa(named(lease))])
    expect(recordAt(pair, 'secondary', lease)?.status).toBe('RELEASED')
    pair.start('primary')
    pair.run(10)
    expect(recordAt(pair, 'primary', lease)).toMatchObject({ status: 'FREE', client: { iaType: 'IA_TA' } })
  })

  it('are not given anew by us', () => {
    const { pair } = withTemporary()
    const answer = clientSends(pair, 'secondary', MessageType.Request, [...to(pair, 'secondary', bob), iaTa()])
    const refused = findOption(answer?.options ?? [], iaTaOption)
    expect(findOption(refused?.options ?? [], statusCodeOption)?.code).toBe(StatusCode.NoAddrsAvail)
  })
})

describe('pools of 2^64 addresses and of 2^80 prefixes', () => {
  const huge = {
    addressPools: [
      { id: 'addresses', first: address('2001:db8:1::'), last: address('2001:db8:1:0:ffff:ffff:ffff:ffff') },
    ],
    prefixPools: [{ id: 'prefixes', prefix: prefix('2001:db8:8000::/40'), delegatedLength: 120 }],
  }

  it('are shared out in a few updates and cost nothing until they are used', () => {
    const pair = servingPair(huge)
    const counts = (['primary', 'secondary'] as const).map((role) => pair.server(role).engine?.snapshot(pair.now).pools)
    for (const pools of counts) {
      expect(pools?.map(({ total, ownFree, partnerFree }) => [total, ownFree, partnerFree])).toEqual([
        [1n << 64n, 1n << 63n, 1n << 63n],
        [1n << 80n, 1n << 79n, 1n << 79n],
      ])
    }
    expect(pair.primary.bindings.size).toBe(1)
    pair.isNetworkUp = false
    pair.run(12)
    for (const role of ['primary', 'secondary'] as const) {
      const answer = clientSends(pair, role, MessageType.Request, [...to(pair, role, alice), ia(1), pd(1)])
      expect(leasesOf(answer)).toHaveLength(2)
    }
    expect(pair.primary.bindings.size + pair.secondary.bindings.size).toBe(6)
  })

  it('go on from the partner’s part after MCLT where the own one is used up', () => {
    const pair = servingPair({
      prefixPools: [{ id: 'prefixes', prefix: prefix('2001:db8:8000::/54'), delegatedLength: 56 }],
    })
    pair.kill('primary')
    pair.run(1)
    pair.declarePartnerDown('secondary', 'COMMUNICATIONS-INTERRUPTED')
    const request = (number: number): string | undefined =>
      leasesOf(
        clientSends(pair, 'secondary', MessageType.Request, [
          ...to(pair, 'secondary', duidFromHex(`000300010c00000000${(0x10 + number).toString(16)}`)),
          pd(1),
        ]),
      )[0]
    expect([request(1), request(2), request(3)].map((lease) => lease !== undefined)).toEqual([true, true, false])
    pair.run(61)
    expect(new Set([1, 2, 3, 4].map(request)).size).toBe(4)
  })
})

describe('a lease that the clock that is ahead sees run out', () => {
  it('is not told back and forth until the other clock agrees', () => {
    const pair = servingPair()
    const request = clientSends(pair, 'primary', MessageType.Request, [...to(pair, 'primary', alice), ia(1)])
    const lease = leasesOf(request)[0] ?? ''
    pair.run(1)
    const granted = recordAt(pair, 'primary', lease)
    if (granted === undefined) throw new Error('the lease is on record')
    for (const role of ['primary', 'secondary'] as const) pair.kill(role)
    const at = (seconds: number): Instant => addSeconds(pair.now, seconds)
    // As after the loss of a disk: the secondary heard the client last, and nothing that was acknowledged outlasts the lease.
    const both = { ...granted, statusExpiresAt: at(20), partnerLifetime: undefined, owedToPartner: false }
    pair.primary.bindings.set(keyOf(granted), {
      ...both,
      clientHeardAt: at(-1200),
      partnerHeardClientAt: at(-810),
      expirationTime: at(-60),
      ackedPartnerLifetime: at(-210),
    })
    pair.secondary.bindings.set(keyOf(granted), {
      ...both,
      clientHeardAt: at(-810),
      partnerHeardClientAt: at(-1200),
      expirationTime: at(-210),
      ackedPartnerLifetime: at(-60),
    })
    pair.secondary.clockOffsetMs = -1500
    pair.startBoth()
    pair.run(10)
    expect(pair.states()).toBe('NORMAL / NORMAL')
    const before = pair.sentText().length
    pair.run(40)
    const updates = pair
      .sentText()
      .slice(before)
      .filter((text) => text.endsWith('BNDUPD'))
    expect(updates.length).toBeLessThanOrEqual(6)
    for (const role of ['primary', 'secondary'] as const) expect(recordAt(pair, role, lease)?.status).toBe('FREE')
  })
})
