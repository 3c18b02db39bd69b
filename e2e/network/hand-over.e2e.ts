/** Maintenance under load: each server is handed over, started anew and taken back; nobody waits, and no lease is lost (decision 0089). */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { checkHeldLeases } from '../loopback-pair/check-promises.ts'
import { leaseText } from '../loopback-pair/client-message.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import { makeLoopbackPair, subnetsOfPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { OnceAskingClients, type Holder } from '../loopback-pair/once-asking-clients.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { readStoredBindings } from '../loopback-pair/stored-bindings.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const HOLDERS = 40
/** Sockets drop older answers, since nobody waits for them. */
const ANSWER_AGE_MAX_MS = 2000

/** Whoever asks for an offer keeps an address from others for ten seconds. */
const roomySubnets = subnetsOfPair.map((subnet, index) =>
  index === 0 ? { ...subnet, addressPools: ['2001:db8:1::1000-2001:db8:1::4fff'] } : subnet,
)

const random = seededRandom(chosenSeed())
let pair: LoopbackPair | undefined
let load: LeaseLoad | undefined
let once: OnceAskingClients | undefined
let passed = false

afterAll(async () => {
  once?.close()
  load?.close()
  await pair?.end()
  if (passed) pair?.remove()
  else console.log(`seed ${random.seed}; logs and databases in ${pair?.folder ?? 'no folder'}`)
})

test('both servers are maintained one after the other under load', { timeout: 300_000 }, async () => {
  pair = await makeLoopbackPair({
    name: 'hand-over',
    subnets: roomySubnets,
    lifetimes: { valid: '5m', preferred: '5m', t1: 0.5, t2: 0.8 },
    relationship: { startup: '3s', reconnect: '1s', reconnectAfterRefusal: '1s', mclt: '10m' },
  })
  await pair.start()
  await pair.untilSettled(30_000)
  load = await LeaseLoad.start(pair, { clients: 30, everyPrefix: 4, random })
  const holders = await acquireFrom(pair.alpha)
  once = await OnceAskingClients.start(pair, holders)
  await delay(3000)
  const [alpha, beta] = [pair.alpha, pair.beta]
  for (const [server, partner] of [
    [alpha, beta],
    [beta, alpha],
  ] as const) {
    await maintain(pair, server, partner)
  }
  once.stop()
  await load.finish()
  await delay(ANSWER_AGE_MAX_MS)
  report(once)
  expect(once.waits('solicit')).toMatchObject({ unanswered: 0 })
  expect(once.waits('rebind')).toMatchObject({ unanswered: 0 })
  expect(once.hadToRebind).toBeGreaterThan(0)
  expect(load.doubled()).toEqual([])
  await expectNothingLost(pair, load, holders)
  passed = true
})

async function acquireFrom(server: LoopbackServer): Promise<readonly Holder[]> {
  return Promise.all(
    Array.from({ length: HOLDERS }, async (_, index) => {
      const client = await AskingClient.start(100 + index)
      const { lease, by } = await client.acquire(server)
      client.close()
      return { duid: client.duid, lease, server: by }
    }),
  )
}

async function maintain(of: LoopbackPair, server: LoopbackServer, partner: LoopbackServer): Promise<void> {
  const params = { name: RELATIONSHIP }
  // Under load something is always on its way; what cannot be told in time is refused, and tried again.
  const handed = await waitUntil(`the hand-over of ${server.name}`, 30_000, () =>
    server.api.handOver({ params, body: { reason: 'new memory' } }),
  )
  expect({ answers: handed.answers, reason: handed.handedOver?.reason }).toEqual({
    answers: 'nobody',
    reason: 'new memory',
  })
  expect(handed.headline.sentence).toContain(`${server.name} was handed over`)
  // The good-bye is on its way when the command is answered; that nobody waits for it is measured by the clients below.
  await waitUntil(`${partner.name} serves everyone`, 5000, async () => {
    const { state, answers, connection } = await partner.relationship(RELATIONSHIP)
    expect({ state, answers }).toEqual({ state: 'communications-interrupted', answers: 'everyone' })
    expect(connection.lastProblem).toContain('handed over for maintenance')
    return true
  })
  await delay(3000)
  await server.stop()
  await delay(1000)
  await server.start()
  await delay(3000)
  const { state, handedOver } = await server.relationship(RELATIONSHIP)
  expect({ state, reason: handedOver?.reason }).toEqual({ state: 'startup', reason: 'new memory' })
  await server.api.takeBack({ params, body: { reason: 'memory is in' } })
  await of.untilNormal(60_000)
  await delay(2000)
}

/** What clients hold is in the storage of both. */
async function expectNothingLost(of: LoopbackPair, by: LeaseLoad, holders: readonly Holder[]): Promise<void> {
  const ofLoad = by.clients.flatMap((client) =>
    client.held(Date.now()).map(({ lease, untilMs }) => ({ lease, untilMs, client: client.duid })),
  )
  const untilMs = Date.now() + 60_000
  const held = [...ofLoad, ...holders.map(({ duid, lease }) => ({ lease: leaseText(lease), untilMs, client: duid }))]
  await waitUntil('both tables have what the clients hold', 30_000, () => {
    const [alpha, beta] = of.servers.map(({ place }) => readStoredBindings(place.storageFile))
    const missing = alpha === undefined || beta === undefined ? [] : checkHeldLeases(held, { alpha, beta })
    if (missing.length > 0) throw new Error(missing.join('\n'))
    return held.length >= HOLDERS
  })
}

function report(clients: OnceAskingClients): void {
  for (const name of ['solicit', 'rebind', 'renew'] as const) {
    const { asked, unanswered, longestMs } = clients.waits(name)
    console.log(
      `${name.toUpperCase()}: ${asked} asked once each, ${unanswered} unanswered, longest wait ${longestMs} ms`,
    )
  }
  console.log(`${clients.hadToRebind} RENEWs had to rebind`)
}
