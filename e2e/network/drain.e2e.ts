/** A pool is drained on both servers: new clients go elsewhere, its own client keeps what it was promised and is given another lease, and it becomes empty (decision 0117). */
import { poolKeyOf } from '@tandem/api-contract'
import type { Pool } from '@tandem/api-contract'
import { afterAll, expect, test } from 'vitest'
import { AskingClient } from '../loopback-pair/asking-client.ts'
import { leaseText } from '../loopback-pair/client-message.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { waitUntil } from '../topology/wait-until.ts'

/** The shortest that failover may be used for. */
const VALID_SECONDS = 30
const DRAINED = '2001:db8:1::1000-2001:db8:1::107f'
const SPARE = '2001:db8:1::2000-2001:db8:1::207f'
const isOfDrained = (address: string): boolean => address.startsWith('2001:db8:1::10')

let pair: LoopbackPair | undefined
let passed = false
const clients: AskingClient[] = []

afterAll(async () => {
  for (const client of clients) client.close()
  await pair?.end()
  if (passed) pair?.remove()
  else console.log(`logs and databases in ${pair?.folder ?? 'no folder'}`)
})

test('nothing new comes from it, nothing of it is extended, over a restart too, until it is empty', async () => {
  const { alpha, beta } = await startPair()
  const holder = await newClient(1)
  const { lease: old, by } = await holder.acquire(alpha)
  expect(isOfDrained(leaseText(old))).toBe(true)
  await pair?.untilSettled(20_000)
  for (const server of [alpha, beta]) await command(server, 'drainPool')
  const { draining } = await poolOn(alpha)
  expect(draining).toMatchObject({ leasesLeft: '1', operator: expect.any(String), reason: 'another site' })
  const emptyBy = Date.parse(draining?.emptyBy ?? '')

  expect(isOfDrained(leaseText((await (await newClient(2)).acquire(alpha)).lease))).toBe(false)
  const renewed = await holder.ask(alpha, 'renew', { named: by, leases: [old] })
  const [kept, given] = renewed.grants
  expect([leaseText(old), kept === undefined ? '' : leaseText(kept.lease)]).toEqual(Array(2).fill(leaseText(old)))
  expect(kept?.validSeconds).toBeLessThan(VALID_SECONDS)
  expect(given === undefined || isOfDrained(leaseText(given.lease))).toBe(false)
  expect(given?.validSeconds).toBe(VALID_SECONDS)

  await alpha.kill()
  await alpha.start()
  await pair?.untilNormal(60_000)
  expect((await poolOn(alpha)).draining).toMatchObject({ leasesLeft: '1' })
  expect(Date.parse((await poolOn(alpha)).draining?.emptyBy ?? '')).toBe(emptyBy)
  await waitUntil('the pool is empty on both', 2 * VALID_SECONDS * 1000, async () => {
    const left = await Promise.all([alpha, beta].map(async (server) => (await poolOn(server)).draining?.leasesLeft))
    if (left.some((count) => count !== '0')) throw new Error(left.join(', '))
    return true
  })
  // By the clock of either server, and never before.
  expect(Date.now()).toBeGreaterThanOrEqual(emptyBy - 1_000)

  for (const server of [alpha, beta]) await command(server, 'stopDraining')
  expect((await poolOn(alpha)).draining).toBeNull()
  expect(isOfDrained(leaseText((await (await newClient(3)).acquire(alpha)).lease))).toBe(true)
  passed = true
})

async function startPair(): Promise<LoopbackPair> {
  pair = await makeLoopbackPair({
    name: 'drain',
    relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s' },
    lifetimes: { valid: `${VALID_SECONDS}s`, preferred: `${VALID_SECONDS}s`, t1: 0.5, t2: 0.8 },
    subnets: [{ prefix: '2001:db8:1::/64', addressPools: [DRAINED, SPARE] }],
  })
  await pair.start()
  await pair.untilNormal(60_000)
  return pair
}

async function newClient(index: number): Promise<AskingClient> {
  const client = await AskingClient.start(index)
  clients.push(client)
  return client
}

async function poolOn({ api }: LoopbackServer): Promise<Pool> {
  const { items } = await api.listPools()
  const found = items.find(({ id }) => id === DRAINED)
  if (found === undefined) throw new Error(`there is a pool ${DRAINED}`)
  return found
}

async function command({ api }: LoopbackServer, act: 'drainPool' | 'stopDraining'): Promise<void> {
  await api[act]({ params: { pool: poolKeyOf(DRAINED) }, body: { reason: 'another site' } })
}
