/**
 * Lease events under load: what a client was told is an event of the server that told it, once and in order, over deaths of server
 * and reader; and a webhook is told the same ones in the same order, by a receiver as bad as they come.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { LeaseEvent } from '@tandem/api-contract'
import { formatDuid } from '@tandem/protocol'
import { afterAll, expect, test } from 'vitest'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { WebhookReceiver } from '../loopback-pair/webhook-receiver.ts'
import { waitUntil } from '../topology/wait-until.ts'

const KILLS = 4

const random = seededRandom(chosenSeed())
let pair: LoopbackPair | undefined
let load: LeaseLoad | undefined
let receiver: WebhookReceiver | undefined
let passed = false

afterAll(async () => {
  load?.close()
  await pair?.end()
  await receiver?.close()
  if (passed) pair?.remove()
  else console.log(`seed ${random.seed}; logs and databases in ${pair?.folder ?? 'no folder'}`)
})

/** A machine that remembers how far it has read, and nothing else. */
class Follower {
  readonly events: LeaseEvent[] = []
  readonly #server: LoopbackServer
  #next: string | undefined

  constructor(server: LoopbackServer) {
    this.#server = server
  }

  async catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#server.api.listLeaseEvents({ query: { after: this.#next, limit: 100 } })
      this.events.push(...page.items)
      this.#next = page.next
      if (!page.more) return
    }
  }
}

test(
  'no lease event is missing, told twice or out of order while servers die under load',
  { timeout: 240_000 },
  async () => {
    pair = await makeLoopbackPair({
      name: 'lease-events',
      relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s', mclt: '60s' },
    })
    await pair.start()
    await pair.untilSettled(30_000)
    receiver = new WebhookReceiver(seededRandom(random.seed + 1))
    const url = await receiver.start()
    for (const { api } of pair.servers) await api.createWebhook({ body: { name: 'routes', url, begin: 'oldest' } })
    load = await LeaseLoad.start(pair, { clients: 30, everyPrefix: 4, random })
    const followers = new Map(pair.servers.map((server) => [server.name, new Follower(server)]))
    for (let kill = 0; kill < KILLS; kill += 1) {
      const victim = kill % 2 === 0 ? pair.alpha : pair.beta
      await delay(1500 + random.below(1500))
      // Every other time the reader is away as well.
      if (kill < 2) await followers.get(victim.name)?.catchUp()
      receiver.isAway = kill % 2 === 1
      await victim.kill()
      await load.drain(victim.name)
      await victim.start()
    }
    await delay(2000)
    receiver.isAway = false
    await load.finish()
    for (const [name, follower] of followers) {
      await follower.catchUp()
      expectInOrder(follower.events)
      await expectToldTo(receiver, name, follower)
      const { checked, missing } = compare(load, name, follower.events)
      console.log(`${name}: ${follower.events.length} events, ${checked} leases of which clients were told`)
      expect(missing).toEqual([])
      expect(checked).toBeGreaterThan(10)
      expect(new Set(follower.events.map(({ kind }) => kind))).toEqual(new Set(['address', 'prefix']))
      expect(new Set(follower.events.map(({ event }) => event))).toEqual(new Set(['assigned', 'renewed', 'ended']))
      expect(
        follower.events.every(
          ({ server, nextHop, relays }) => server === name && nextHop !== null && relays.length === 1,
        ),
      ).toBe(true)
    }
    console.log(`${receiver.deliveries} deliveries, ${receiver.repeated} events came more than once`)
    expect(receiver.lost).toEqual([])
    expect(receiver.repeated).toBeGreaterThan(0)
    passed = true
  },
)

/** A failed delivery waits for as long as its server has failed before. */
const WEBHOOK_PATIENCE_MS = 60_000

async function expectToldTo(told: WebhookReceiver, name: string, follower: Follower): Promise<void> {
  const all = () => follower.events.map(({ id }) => id)
  await waitUntil(`the webhook has all events of ${name}`, WEBHOOK_PATIENCE_MS, async () => {
    await follower.catchUp()
    return told.idsOf(name).length >= all().length
  })
  expect(told.idsOf(name)).toEqual(all())
}

function expectInOrder(events: readonly LeaseEvent[]): void {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  const commits = events.map(({ commitNumber }) => Number(commitNumber))
  expect(commits).toEqual(commits.toSorted((a, b) => a - b))
}

/** For each lease and client: at least as many events as REPLYs that gave or prolonged it. */
function compare({ ledger }: LeaseLoad, name: string, events: readonly LeaseEvent[]) {
  const counts = new Map<string, number>()
  const keyOf = (lease: string, duid: string | undefined): string => `${lease} ${duid ?? 'nobody'}`
  for (const { event, lease, client } of events) {
    const key = keyOf(lease, client?.duid)
    if (event !== 'ended') counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const told = new Map<string, number>()
  for (const lease of ledger.leases()) {
    for (const line of ledger.of(lease)) {
      if (line.kind !== 'told' || line.by !== name || line.validSeconds === 0) continue
      const key = keyOf(lease, formatDuid(line.client))
      told.set(key, (told.get(key) ?? 0) + 1)
    }
  }
  const missing = [...told].filter(([key, count]) => (counts.get(key) ?? 0) < count)
  return { checked: told.size, missing: missing.map(([key, count]) => `${key}: ${counts.get(key) ?? 0} of ${count}`) }
}
