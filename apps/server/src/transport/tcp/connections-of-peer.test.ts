/** A server with many partners: the limit is each partner's own (RFC 8156 section 6.2). */
import { expect, test } from 'vitest'
import { ConnectionsOfPeers } from './connections-of-peer.ts'

const partners = Array.from({ length: 20 }, (_, number) => `2001:db8::${number}`)

test('twenty partners have their connections at the same time, and one that opens too many is refused alone', () => {
  const peers = new ConnectionsOfPeers(partners)
  for (const partner of partners) expect(peers.open(partner)).toBeUndefined()
  const [first = '', second = ''] = partners
  for (let more = 1; more < 8; more += 1) expect(peers.open(first)).toBeUndefined()
  expect(peers.open(first)).toBe('it has 8 connections open already')
  expect(peers.open(second)).toBeUndefined()
  peers.closed(first)
  expect(peers.open(first)).toBeUndefined()
})

test('a partner of two relationships may have twice as many', () => {
  const peers = new ConnectionsOfPeers(['2001:db8::1', '2001:db8::1'])
  for (let count = 0; count < 16; count += 1) expect(peers.open('2001:db8::1')).toBeUndefined()
  expect(peers.open('2001:db8::1')).toBeDefined()
  expect(peers.open('2001:db8::2')).toBe('it is no configured partner')
})
