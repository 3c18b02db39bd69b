/** Two leases of one client, one from each server: the later transaction wins, and nobody gets the other while it may be in use (docs/decisions/0077). */
import { clientIdOption, duidFromHex, MessageType, option, type Duid } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import type { FailoverPair } from '../../test-support/failover-pair.ts'
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
  withdrawnIn,
} from '../../test-support/pair-clients.ts'
import type { Role } from '../configuration/configuration.ts'

const alice = duidFromHex('000300010a000000000a')
const iaOf = (kind: string, ...leases: readonly string[]) =>
  kind === 'address' ? ia(1, ...leases.map(named)) : pd(1, ...leases.map(namedPrefix))

function request(pair: FailoverPair, role: Role, kind: string, client: Duid = alice): string {
  const answer = clientSends(pair, role, MessageType.Request, [...to(pair, role, client), iaOf(kind)])
  return leasesOf(answer)[0] ?? ''
}

/** One lease from each server, the secondary's later, both known to both. */
function withDoubleLease(kind: string, doubleLease: 'latest' | 'both' = 'latest') {
  const pair = servingPair()
  for (const role of ['primary', 'secondary'] as const) {
    const server = pair.server(role)
    pair.kill(role)
    server.configuration = {
      ...server.configuration,
      relationships: server.configuration.relationships.map((each) => ({ ...each, doubleLease, mcltSeconds: 600 })),
      subnets: server.configuration.subnets.map((subnet) => ({
        ...subnet,
        lifetimes: { ...subnet.lifetimes, validSeconds: 600, preferredSeconds: 600 },
      })),
    }
  }
  pair.startBoth()
  pair.run(6)
  pair.isNetworkUp = false
  pair.run(12)
  const older = request(pair, 'primary', kind)
  pair.run(10)
  const later = request(pair, 'secondary', kind)
  pair.isNetworkUp = true
  pair.run(15)
  expect(pair.states()).toBe('NORMAL / NORMAL')
  expect(older).not.toBe(later)
  for (const role of ['primary', 'secondary'] as const) {
    expect([recordAt(pair, role, older)?.status, recordAt(pair, role, later)?.status]).toEqual(['ACTIVE', 'ACTIVE'])
  }
  return { pair, older, later }
}

const statusOf = (pair: FailoverPair, lease: string) =>
  (['primary', 'secondary'] as const).map((role) => recordAt(pair, role, lease)?.status)

for (const kind of ['address', 'prefix']) {
  describe(`a client with one ${kind} from each server`, () => {
    it('is offered the one that it asked for last', () => {
      const { pair, later } = withDoubleLease(kind)
      const offer = clientSends(pair, 'primary', MessageType.Solicit, [option(clientIdOption, alice), iaOf(kind)])
      expect(leasesOf(offer)).toEqual([later])
      expect(request(pair, 'primary', kind)).toBe(later)
    })

    it('that renews the later one gives the other back, to both servers and to the next client', () => {
      const { pair, older, later } = withDoubleLease(kind)
      pair.run(55)
      const answer = clientSends(pair, 'primary', MessageType.Rebind, [
        option(clientIdOption, alice),
        iaOf(kind, later),
      ])
      expect(leasesOf(answer)).toEqual([later])
      expect(recordAt(pair, 'primary', older)?.status).not.toBe('ACTIVE')
      pair.run(2)
      expect(statusOf(pair, older)).toEqual(['FREE', 'FREE'])
      expect(recordAt(pair, 'secondary', later)).toMatchObject({ status: 'ACTIVE', client: { duid: alice } })
    })

    it('that uses both is told to leave the older one, which nobody gets before its end', () => {
      const { pair, older, later } = withDoubleLease(kind)
      pair.run(55)
      const before = recordAt(pair, 'primary', older)
      const answer = clientSends(pair, 'primary', MessageType.Renew, [
        ...to(pair, 'primary', alice),
        iaOf(kind, older, later),
      ])
      expect([leasesOf(answer), withdrawnIn(answer)]).toEqual([[later], [older]])
      pair.run(1)
      expect(statusOf(pair, older)).toEqual(['ACTIVE', 'ACTIVE'])
      expect(recordAt(pair, 'primary', older)?.statusExpiresAt).toBe(before?.statusExpiresAt)
      const others = Array.from({ length: 20 }, (_, at) =>
        request(pair, 'primary', kind, duidFromHex(`000300010c00000000${(0x10 + at).toString(16)}`)),
      )
      expect(others).not.toContain(older)
    })

    it('that goes on with the older one keeps that, since this is the later transaction', () => {
      const { pair, older, later } = withDoubleLease(kind)
      pair.run(55)
      const answer = clientSends(pair, 'primary', MessageType.Renew, [...to(pair, 'primary', alice), iaOf(kind, older)])
      expect(leasesOf(answer)).toEqual([older])
      pair.run(6)
      expect(statusOf(pair, older)).toEqual(['ACTIVE', 'ACTIVE'])
      expect(statusOf(pair, later).includes('ACTIVE')).toBe(false)
    })

    it('loses none to a renewal that was sent before it got the other', () => {
      const { pair, older, later } = withDoubleLease(kind)
      clientSends(pair, 'primary', MessageType.Renew, [...to(pair, 'primary', alice), iaOf(kind, older)])
      expect(statusOf(pair, later)).toEqual(['ACTIVE', 'ACTIVE'])
    })

    it('keeps both where that is wanted', () => {
      const { pair, older, later } = withDoubleLease(kind, 'both')
      pair.run(55)
      const both = clientSends(pair, 'primary', MessageType.Renew, [
        ...to(pair, 'primary', alice),
        iaOf(kind, older, later),
      ])
      expect(leasesOf(both)).toEqual([older, later])
      pair.run(65)
      clientSends(pair, 'primary', MessageType.Renew, [...to(pair, 'primary', alice), iaOf(kind, older)])
      pair.run(1)
      expect(statusOf(pair, later)).toEqual(['ACTIVE', 'ACTIVE'])
    })
  })
}
