/** Random stories of two partners: whatever happens, they come to equal tables and no lease has two clients (digest 7.8, 9). */
import { describe, expect, test } from 'vitest'
import type { Binding } from '../../bindings/binding.ts'
import type { Instant } from '../../time/instant.ts'
import { agreedView, clientNumber, UpdatePair, type Side } from './update-pair.fixture.ts'

const SEEDS = 300
const STEPS = 120
const CLIENTS = 3
const odd = ['2001:db8:1::1001', '2001:db8:1::1003']
const even = ['2001:db8:1::1002', '2001:db8:1::1004']
const leases = [...odd, ...even]

/** Deterministic: the same seed tells the same story. */
function chance(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

/** Digest section 9, outside PARTNER-DOWN: who may have this lease from this server now? */
function mayGrant(pair: UpdatePair, side: Side, lease: string, client: number): boolean {
  const held = side.get(lease)
  const own = side === pair.primary ? odd.includes(lease) : even.includes(lease)
  if (held === undefined || held.status === 'FREE' || held.status === 'FREE-BACKUP') return own
  if (held.client?.duid !== clientNumber(client).duid) return false
  return held.status === 'ACTIVE' || !held.updateSent
}

function act(pair: UpdatePair, pick: (below: number) => number): void {
  const side = pick(2) === 0 ? pair.primary : pair.secondary
  const lease = leases[pick(leases.length)] ?? ''
  const held = side.get(lease)
  switch (pick(9)) {
    case 0:
    case 1: {
      const client = pick(CLIENTS) + 1
      if (mayGrant(pair, side, lease, client)) pair.grant(side, lease, clientNumber(client), 60 + pick(600))
      break
    }
    case 2:
      if (held?.status === 'ACTIVE' && wasHeardHere(held)) pair.end(side, lease, 'RELEASED')
      break
    case 3:
      if (held?.status === 'ACTIVE' && mayExpire(pair.clockOf(side), held)) pair.end(side, lease, 'EXPIRED')
      break
    case 4:
      pair.wait(pick(4))
      break
    case 5:
      pair.wait(pick(200))
      break
    case 6:
    case 7:
      pair.deliverOne(side)
      break
    case 8:
      if (pick(4) > 0) break
      if (side.connected) pair.cut()
      else pair.connect()
      break
  }
}

/** A RELEASE carries the identifier of the server that the client knows. */
function wasHeardHere(held: Binding): boolean {
  return held.clientHeardAt !== undefined && held.clientHeardAt >= (held.partnerHeardClientAt ?? 0)
}

/** Digest A20. */
function mayExpire(now: Instant, held: Binding): boolean {
  const own = held.statusExpiresAt ?? now
  return (wasHeardHere(held) ? own : Math.max(own, held.expirationTime ?? 0)) <= now
}

/** Scans for a while; then past the end of every lease, because one that runs here is not given up before (time(1)). */
function settle(pair: UpdatePair): void {
  if (!pair.primary.connected) pair.connect()
  for (const seconds of [10, 10, 10, 10, 700, 10, 10, 10]) {
    pair.deliver()
    pair.wait(seconds)
  }
  pair.deliver()
}

describe('after any story', () => {
  test.each([0, 4, -4])(
    `both tables are equal and nothing is owed; clocks %i s apart (${SEEDS} seeds of ${STEPS} steps)`,
    (skewSeconds) => {
      let updates = 0
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const pick = chance(seed)
        const pair = UpdatePair.inNormal({ maxUnacked: 1 + pick(3) })
        pair.skewSeconds = skewSeconds
        for (let step = 0; step < STEPS; step += 1) act(pair, pick)
        settle(pair)
        expect(agreedView(pair.primary), `seed ${seed}`).toEqual(agreedView(pair.secondary))
        expect(pair.primary.updates.status().owed, `seed ${seed}, primary`).toBe(0)
        expect(pair.secondary.updates.status().owed, `seed ${seed}, secondary`).toBe(0)
        updates += pair.primary.sent.length + pair.secondary.sent.length
      }
      expect(updates).toBeGreaterThan(SEEDS * 10)
    },
  )

  test('at no moment has one lease two clients in use', () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const pick = chance(seed)
      const pair = UpdatePair.inNormal({ maxUnacked: 1 + pick(3) })
      for (let step = 0; step < STEPS; step += 1) {
        act(pair, pick)
        for (const lease of leases) expectOneClient(pair, lease, `seed ${seed}, step ${step}, ${lease}`)
      }
    }
  }, 60_000)
})

/** Both may hold it ACTIVE for different clients only while one copy is the partner's and already over. */
function expectOneClient(pair: UpdatePair, lease: string, story: string): void {
  const inUse = [pair.primary, pair.secondary]
    .map((side) => side.get(lease))
    .filter((held) => held?.status === 'ACTIVE' && wasHeardHere(held) && (held.statusExpiresAt ?? 0) > pair.now)
  expect(new Set(inUse.map((held) => held?.client?.duid)).size, story).toBeLessThanOrEqual(1)
}
