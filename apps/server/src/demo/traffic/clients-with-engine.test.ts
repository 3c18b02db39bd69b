/** The demo's clients against the real engine, hours in a moment: nobody loses a lease, nobody gets another's, and all come back. */
import { createEngine, instant, type Engine } from '@tandem/engine'
import { makeDuidLl, parseIpv6Address } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { parseConfiguration } from '../../configuration/load-configuration.ts'
import { LeaseLedger } from './lease-ledger.ts'
import { SimulatedClient, type ClientObserver } from './simulated-client.ts'
import { clientLinkLocal, relayForward, unwrapRelayReply } from './simulated-relay.ts'

const CONFIGURATION = `
node:
  name: gamma
  storage: file:./gamma.db
  listeners: [{ address: '::1', port: 10547, replyTo: source }]
defaults:
  lifetimes: { valid: 120s, preferred: 120s, t1: 0.25, t2: 0.5 }
subnets:
  - prefix: '2001:db8:1::/64'
    addressPools: ['2001:db8:1::1000-2001:db8:1::101f']
    prefixPools: [{ prefix: '2001:db8:8000::/51', delegatedLength: 56 }]
`
const START_MS = Date.UTC(2026, 0, 1)
const LINK = parseIpv6Address('2001:db8:1::1')!
const CLIENTS = 24
const STEP_MS = 500

/** Numbers in [0, 1) that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function makeEngine(): Engine {
  const loaded = parseConfiguration(CONFIGURATION, '/etc/gamma.yaml')
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const serverDuid = makeDuidLl(1, Uint8Array.of(9, 9, 9, 9, 9, 9))
  const restored = {
    bindings: [],
    endpoints: [],
    reservations: [],
    drains: [],
    lastCommitAt: undefined,
    ranUntil: undefined,
  }
  return createEngine({ ...loaded.configuration.engine, serverDuid }, restored, instant(START_MS))
}

class World {
  readonly ledger = new LeaseLedger()
  readonly lost: string[] = []
  readonly answered = { solicit: 0, request: 0, renew: 0, rebind: 0, release: 0 }
  readonly clients: readonly SimulatedClient[]
  nowMs = START_MS
  readonly #engine = makeEngine()

  constructor(random: () => number) {
    const observer: ClientObserver = {
      granted: (client, lease, untilMs, nowMs) => this.ledger.grant(lease, client.name, untilMs, nowMs),
      gone: (client, lease, lost) => {
        this.ledger.drop(lease, client.name)
        if (lost) this.lost.push(lease)
      },
      answered: (_, message) => {
        this.answered[message] += 1
      },
    }
    this.clients = Array.from({ length: CLIENTS }, (_, index) => {
      const duid = makeDuidLl(1, Uint8Array.of(2, 0, 0, 0, 0, index))
      return new SimulatedClient({
        name: `client-${index}`,
        duid,
        wishes: { address: true, prefix: index % 2 === 0 },
        random,
        observer,
      })
    })
  }

  /** `reaches`: whether the network carries this datagram. */
  run(ms: number, reaches: () => boolean, move: (client: SimulatedClient, nowMs: number) => void): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += STEP_MS) {
      const due = this.#engine.nextDeadline()
      if (due !== undefined && due <= this.nowMs) this.#engine.handle({ kind: 'deadline-reached' }, instant(this.nowMs))
      for (const [index, client] of this.clients.entries()) {
        move(client, this.nowMs)
        this.#exchange(client, index, reaches)
      }
    }
  }

  #exchange(client: SimulatedClient, index: number, reaches: () => boolean): void {
    for (let due = client.dueAtMs(); due !== undefined && due <= this.nowMs; due = client.dueAtMs()) {
      const message = client.act(this.nowMs)
      if (message === undefined || !reaches()) continue
      const bytes = relayForward(LINK, clientLinkLocal(index), Uint8Array.of(1), message)
      const now = instant(this.nowMs)
      const from = { address: '::1', port: 4000 }
      const listenerId = 'unicast:[::1]:10547'
      const effects = this.#engine.handle({ kind: 'datagram-received', listenerId, from, bytes, arrivedAt: now }, now)
      for (const output of effects.afterCommit) {
        if (output.kind !== 'send-datagram') continue
        expect(output.to).toEqual(from)
        const answer = unwrapRelayReply(output.bytes)
        if (answer?.peerAddress === clientLinkLocal(index)) client.receive(answer.message, this.nowMs)
      }
    }
  }
}

test('two hours of coming, renewing and going: nothing is lost and nothing given twice', () => {
  const random = seeded(7)
  const world = new World(random)
  world.run(
    7_200_000,
    () => true,
    (client, nowMs) => {
      if (random() > 0.998) {
        if (client.state === 'absent') client.arrive(nowMs)
        else client.leave(nowMs)
      }
    },
  )
  expect(world.ledger.doubled).toEqual([])
  expect(world.lost).toEqual([])
  expect(world.answered.renew).toBeGreaterThan(500)
  expect(world.answered.release).toBeGreaterThan(50)
})

test('with every fourth datagram lost, clients still keep their leases, and some come by REBIND', () => {
  const random = seeded(3)
  const world = new World(random)
  world.run(
    3_600_000,
    () => random() > 0.25,
    (client, nowMs) => client.arrive(nowMs),
  )
  expect(world.ledger.doubled).toEqual([])
  expect(world.ledger.held(world.nowMs)).toHaveLength(CLIENTS + CLIENTS / 2)
  expect(world.answered.rebind).toBeGreaterThan(0)
})

test('a silence longer than the lifetime costs each client its leases, and each gets the same ones back', () => {
  const world = new World(seeded(5))
  const arrive = (client: SimulatedClient, nowMs: number) => client.arrive(nowMs)
  world.run(60_000, () => true, arrive)
  const before = world.clients.map((client) => client.leases().map(({ lease }) => lease))
  world.run(150_000, () => false, arrive)
  expect(world.lost).toHaveLength(CLIENTS + CLIENTS / 2)
  world.run(60_000, () => true, arrive)
  expect(world.clients.map((client) => client.leases().map(({ lease }) => lease))).toEqual(before)
  expect(world.ledger.doubled).toEqual([])
})
