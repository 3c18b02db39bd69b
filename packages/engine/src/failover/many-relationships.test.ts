/** One server in several relationships at once: with several partners, and with one partner twice (RFC 8156 section 6.2). */
import { noExtensions } from './connection/extensions.ts'
import { encodeStreamMessage, MessageType, relationshipNameOption, toDhcpTime } from '@tandem/protocol'
import { describe, expect, it } from 'vitest'
import { address, TEST_START, testRelationship } from '../../test-support/failover-pair.ts'
import { FailoverNetwork, NetworkServer, testDuid } from '../../test-support/failover-network.ts'
import type { RelationshipConfiguration, Role } from '../configuration/configuration.ts'
import { createEngine } from '../engine.ts'
import { connectOptions } from './connection/connect-offer.ts'

const HUB = 'fd00::10'
const EAST = 'fd00::11'
const WEST = 'fd00::12'

function relationship(
  name: string,
  role: Role,
  partnerAddress: string,
  mcltSeconds: number,
): RelationshipConfiguration {
  return testRelationship(role, { name, partnerAddress: address(partnerAddress), mcltSeconds })
}

function start(servers: readonly NetworkServer[]): FailoverNetwork {
  const network = new FailoverNetwork(servers)
  for (const server of servers) network.start(server)
  network.run(4)
  return network
}

/** The hub is primary towards the east and secondary towards the west. */
function threeServers() {
  const hub = new NetworkServer({
    name: 'hub',
    address: HUB,
    duid: testDuid(1),
    relationships: [relationship('pair-1', 'primary', EAST, 60), relationship('pair-2', 'secondary', WEST, 60)],
  })
  const east = new NetworkServer({
    name: 'east',
    address: EAST,
    duid: testDuid(2),
    relationships: [relationship('pair-1', 'secondary', HUB, 60)],
  })
  const west = new NetworkServer({
    name: 'west',
    address: WEST,
    duid: testDuid(3),
    relationships: [relationship('pair-2', 'primary', HUB, 90)],
  })
  return { hub, east, west, network: start([hub, east, west]) }
}

describe('a server with two partners', () => {
  it('reaches NORMAL with both, each relationship with its own role, record and MCLT', () => {
    const { hub, east, west, network } = threeServers()
    expect(network.stateOf(hub, 'pair-1')).toBe('NORMAL')
    expect(network.stateOf(hub, 'pair-2')).toBe('NORMAL')
    expect(network.stateOf(east, 'pair-1')).toBe('NORMAL')
    expect(network.stateOf(west, 'pair-2')).toBe('NORMAL')
    expect(hub.endpoints.get('pair-1')).toMatchObject({ state: 'NORMAL', mcltSeconds: 60 })
    expect(hub.endpoints.get('pair-2')).toMatchObject({ state: 'NORMAL', mcltSeconds: 90 })
    expect(network.sent).not.toContain('east -> hub CONNECT')
    expect(network.sent).toContain('hub -> east CONNECT')
    expect(network.sent).toContain('west -> hub CONNECT')
  })

  it('tells each partner of the leases of their relationship and of no other', () => {
    const { hub, east, west, network } = threeServers()
    // Odd as the primary towards the east, even as the secondary towards the west.
    expect(network.requestAddress(hub, 'pair-1', testDuid(101))).toBe('2001:db8:1::1001')
    expect(network.requestAddress(hub, 'pair-2', testDuid(102))).toBe('2001:db8:2::1000')
    const relationshipsOf = (server: NetworkServer): readonly unknown[] =>
      [...server.bindings.values()].map((binding) => [binding.relationship, binding.status])
    expect(relationshipsOf(east)).toEqual([['pair-1', 'ACTIVE']])
    expect(relationshipsOf(west)).toEqual([['pair-2', 'ACTIVE']])
    expect([...hub.bindings.values()].every(({ owedToPartner }) => !owedToPartner)).toBe(true)
  })

  it('goes on undisturbed with one of them while the other is down', () => {
    const { hub, east, west, network } = threeServers()
    network.kill(east)
    network.run(2)
    network.declarePartnerDown(hub, 'pair-1')
    expect(network.stateOf(hub, 'pair-1')).toBe('PARTNER-DOWN')
    expect(network.stateOf(hub, 'pair-2')).toBe('NORMAL')
    expect(network.stateOf(west, 'pair-2')).toBe('NORMAL')
    network.start(east)
    network.run(3)
    expect(network.stateOf(east, 'pair-1')).toBe('RECOVER-WAIT')
    network.run(70)
    expect(network.stateOf(hub, 'pair-1')).toBe('NORMAL')
    expect(network.stateOf(east, 'pair-1')).toBe('NORMAL')
    expect(hub.endpoints.get('pair-2')?.stateSince).toBe(west.endpoints.get('pair-2')?.stateSince)
  })

  it('comes back to each of them in the state in which it left that one', () => {
    const { hub, east, west, network } = threeServers()
    network.kill(hub)
    network.run(2)
    network.declarePartnerDown(east, 'pair-1')
    network.run(2)
    network.start(hub)
    network.run(3)
    expect(network.stateOf(hub, 'pair-1')).toBe('RECOVER-WAIT')
    expect(network.stateOf(hub, 'pair-2')).toBe('NORMAL')
    expect(network.requestAddress(hub, 'pair-1', testDuid(103))).toBeUndefined()
    expect(network.requestAddress(hub, 'pair-2', testDuid(103))).toBe('2001:db8:2::1000')
    expect(network.stateOf(west, 'pair-2')).toBe('NORMAL')
  })
})

describe('two relationships with one partner', () => {
  it('are told apart by their name, also where the roles are the same', () => {
    const hub = new NetworkServer({
      name: 'hub',
      address: HUB,
      duid: testDuid(1),
      relationships: [
        relationship('pair-1', 'secondary', EAST, 60),
        relationship('pair-2', 'secondary', EAST, 60),
        relationship('pair-3', 'primary', EAST, 70),
      ],
    })
    const east = new NetworkServer({
      name: 'east',
      address: EAST,
      duid: testDuid(2),
      relationships: [
        relationship('pair-1', 'primary', HUB, 60),
        relationship('pair-2', 'primary', HUB, 90),
        relationship('pair-3', 'secondary', HUB, 60),
      ],
    })
    const network = start([hub, east])
    for (const name of ['pair-1', 'pair-2', 'pair-3']) {
      expect(network.stateOf(hub, name)).toBe('NORMAL')
      expect(network.stateOf(east, name)).toBe('NORMAL')
    }
    expect(hub.endpoints.get('pair-1')?.mcltSeconds).toBe(60)
    expect(hub.endpoints.get('pair-2')?.mcltSeconds).toBe(90)
    expect(east.endpoints.get('pair-3')?.mcltSeconds).toBe(70)
    expect(network.requestAddress(east, 'pair-2', testDuid(101))).toBe('2001:db8:2::1001')
    expect([...hub.bindings.values()].map((binding) => binding.relationship)).toEqual(['pair-2'])
  })

  it('need the name: a CONNECT with another one, or with none, belongs to neither', () => {
    const names = ['pair-1', 'pair-2'] as const
    const { configuration } = new NetworkServer({
      name: 'hub',
      address: HUB,
      duid: testDuid(1),
      relationships: names.map((name) => relationship(name, 'secondary', EAST, 60)),
    })
    const options = connectOptions(relationship('pair-9', 'primary', HUB, 60), noExtensions)
    const nameless = options.filter(({ code }) => code !== relationshipNameOption.code)
    for (const offered of [options, nameless]) {
      const nothing = {
        bindings: [],
        endpoints: [],
        reservations: [],
        drains: [],
        lastCommitAt: undefined,
        ranUntil: undefined,
      }
      const engine = createEngine(configuration, nothing, TEST_START)
      const opened = { kind: 'stream-opened', connection: 1, direction: 'accepted', relationship: undefined } as const
      engine.handle({ ...opened, peerAddress: EAST }, TEST_START)
      const sentTime = toDhcpTime(TEST_START)
      const connect = { kind: 'failover', type: MessageType.Connect, transactionId: 1, sentTime } as const
      const bytes = encodeStreamMessage({ ...connect, options: offered }).subarray(2)
      const { afterCommit } = engine.handle(
        { kind: 'frame-received', connection: 1, bytes, arrivedAt: TEST_START },
        TEST_START,
      )
      expect(afterCommit.map(({ kind }) => kind)).toEqual(['send-frame', 'close-stream'])
    }
  })
})
