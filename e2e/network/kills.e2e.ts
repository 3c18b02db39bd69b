/** Fifty kills under load: whatever a client was told is in the storage of the server that told it (acceptance 4a). */
import { setTimeout as delay } from 'node:timers/promises'
import { makeDuidLl } from '@tandem/protocol'
import { afterAll, describe, expect, test } from 'vitest'
import { checkHeldLeases, checkPromises, compareTables } from '../loopback-pair/check-promises.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import { LoadLedger } from '../loopback-pair/load-ledger.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { readStoredBindings, type StoredBinding } from '../loopback-pair/stored-bindings.ts'
import { RELATIONSHIP } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const KILLS = Number(process.env['TANDEM_TEST_KILLS'] ?? 50)

/** A kill comes so long after the restart, so that it hits the start, the talk of the partners and quiet service alike. */
const MOMENT_MAX_MS = 2000

/** So many kills of NORMAL must be among them: there both servers have most to lose. */
const KILLS_IN_NORMAL_MIN = Math.floor(KILLS / 5)

const random = seededRandom(chosenSeed())
let pair: LoopbackPair | undefined
let load: LeaseLoad | undefined
let passed = false

afterAll(async () => {
  load?.close()
  await pair?.end()
  if (passed) pair?.remove()
  else console.log(`seed ${random.seed}; logs and databases in ${pair?.folder ?? 'no folder'}`)
})

test(
  `after each of ${KILLS} kills under load the storage has every REPLY that a client received, and at the end both tables agree`,
  { timeout: 900_000 },
  async () => {
    console.log(`seed ${random.seed} (again with TANDEM_TEST_SEED=${random.seed})`)
    pair = await makeLoopbackPair({
      name: 'kills',
      relationship: { startup: '2s', reconnect: '1s', reconnectAfterRefusal: '1s', mclt: '60s' },
    })
    await pair.start()
    await pair.untilSettled(30_000)
    load = await LeaseLoad.start(pair, { clients: 40, everyPrefix: 4, random })

    const killedIn = new Map<string, number>()
    let checked = 0
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const victim = random.pick(pair.servers)
      // Every third moment waits for NORMAL, or the pair might never get there.
      if (kill % 3 === 0) await pair.untilNormal(60_000)
      await delay(random.below(MOMENT_MAX_MS))
      const { state } = await victim.relationship(RELATIONSHIP)
      killedIn.set(state, (killedIn.get(state) ?? 0) + 1)
      await victim.kill()
      await load.drain(victim.name)
      const stored = readStoredBindings(victim.place.storageFile)
      const verdict = checkPromises(load.ledger, victim.name, stored, Date.now())
      expect(verdict.broken, `kill ${kill} of ${victim.name}, which was in ${state}`).toEqual([])
      // The check itself would notice: on a storage that lost everything, every last word is broken.
      const ofNothing = checkPromises(load.ledger, victim.name, new Map(), Date.now())
      expect(ofNothing.broken.length).toBe(verdict.checked)
      expect(load.doubled()).toEqual([])
      checked += verdict.checked
      if (kill % 10 === 0) console.log(`${kill} kills, ${checked} last words on leases found in storage`)
      await victim.start()
    }
    console.log(
      `${KILLS} kills, ${load.ledger.replyCount} REPLYs received, ${checked} times the last word on a lease found in storage; ` +
        `killed in ${[...killedIn].map(([state, count]) => `${state} ${count}`).join(', ')}`,
    )
    expect(killedIn.get('normal') ?? 0).toBeGreaterThanOrEqual(KILLS_IN_NORMAL_MIN)
    expect(load.ledger.replyCount).toBeGreaterThan(KILLS * 20)
    await expectAgreement(pair, load)
    passed = true
  },
)

describe('the check itself', () => {
  const client = makeDuidLl(1, Uint8Array.of(2, 0, 0, 0, 0, 1))
  const lease = '2001:db8:1::1000'
  const atMs = 1_000_000_000
  /** Beta renews the lease; 400 ms later the client gives it back to alpha, and is told so. */
  const ledger = new LoadLedger()
  const common = { client, transactionId: 1 }
  const renewal = {
    ...common,
    atMs: atMs - 390,
    askedAtMs: atMs - 400,
    sentAtMs: atMs - 400,
    answers: 'rebind',
  } as const
  ledger.told(lease, { ...renewal, by: 'beta', askedOrder: ledger.nextOrder(), validSeconds: 120 })
  const release = {
    ...common,
    transactionId: 2,
    atMs: atMs + 10,
    askedAtMs: atMs,
    sentAtMs: atMs,
    answers: 'release',
  } as const
  ledger.told(lease, { ...release, by: 'alpha', askedOrder: ledger.nextOrder(), validSeconds: 0 })
  const active: StoredBinding = {
    lease,
    status: 'ACTIVE',
    client,
    iaid: 1,
    iaType: 'IA_NA',
    statusExpiresAtMs: atMs - 395 + 120_000,
    partnerHeardClientAtMs: atMs - 395,
    releasedAtMs: atMs + 5,
    owedToPartner: false,
  }
  const brokenBy = (change: Partial<StoredBinding>, known = ledger): number => {
    // Alpha lives on for a while after the RELEASE, and says so about another lease.
    const other = '2001:db8:1::1001'
    const later = { ...release, transactionId: 9, by: 'alpha', askedOrder: known.nextOrder(), validSeconds: 0 } as const
    if (known.of(other).length === 0) known.told(other, { ...later, atMs: atMs + 400 })
    const stored = new Map<string, StoredBinding>([
      [lease, { ...active, ...change }],
      [other, { ...active, lease: other, status: 'FREE' }],
    ])
    return checkPromises(known, 'alpha', stored, atMs + 500).broken.length
  }

  test('a RELEASE that was stored and has yielded to a grant of the partner is no broken promise', () => {
    expect(brokenBy({})).toBe(0)
    expect(brokenBy({ status: 'RELEASED' })).toBe(0)
    expect(brokenBy({ status: 'FREE', client: undefined })).toBe(0)
  })

  test('a RELEASE that was lost is one, although the partner renewed the lease shortly before', () => {
    expect(brokenBy({ releasedAtMs: atMs - 1 })).toBe(1)
    expect(brokenBy({ releasedAtMs: undefined })).toBe(1)
    expect(brokenBy({ partnerHeardClientAtMs: undefined })).toBe(1)
  })

  test('a grant whose answer died with its server is known by its question', () => {
    const lost = new LoadLedger()
    const question = { ...common, transactionId: 3, atMs: atMs - 900, message: 'renew' } as const
    lost.asked(lease, question)
    lost.told(lease, { ...release, by: 'alpha', askedOrder: lost.nextOrder(), validSeconds: 0 })
    expect(brokenBy({ partnerHeardClientAtMs: atMs - 500 }, lost)).toBe(0)
    expect(brokenBy({ partnerHeardClientAtMs: atMs - 2500 }, lost)).toBe(1)
    expect(brokenBy({ partnerHeardClientAtMs: atMs - 500, releasedAtMs: atMs - 1 }, lost)).toBe(1)
  })

  test('of the last moments before a kill the lease history may lack', () => {
    const short = new LoadLedger()
    short.told(lease, { ...renewal, by: 'beta', askedOrder: short.nextOrder(), validSeconds: 120 })
    short.told(lease, { ...release, by: 'alpha', askedOrder: short.nextOrder(), validSeconds: 0 })
    const stored = new Map<string, StoredBinding>([[lease, { ...active, releasedAtMs: undefined }]])
    expect(checkPromises(short, 'alpha', stored, atMs + 500).broken).toEqual([])
  })

  test('nor does a grant excuse it that the record does not show', () => {
    expect(brokenBy({ partnerHeardClientAtMs: atMs - 3000 })).toBe(1)
    expect(brokenBy({ partnerHeardClientAtMs: atMs + 8 })).toBe(1)
    expect(brokenBy({ statusExpiresAtMs: atMs + 60_000 })).toBe(1)
  })
})

async function expectAgreement(settled: LoopbackPair, finished: LeaseLoad): Promise<void> {
  await settled.untilSettled(90_000)
  await finished.finish()
  await waitUntil('both tables agree', 30_000, async () => {
    await settled.untilSettled(30_000)
    const alpha = readStoredBindings(settled.alpha.place.storageFile)
    const beta = readStoredBindings(settled.beta.place.storageFile)
    const differences = compareTables(alpha, beta)
    if (differences.length > 0) throw new Error(`\n${differences.join('\n')}`)
    const held = finished.clients.flatMap((client) =>
      client.held(Date.now()).map(({ lease, untilMs }) => ({ lease, untilMs, client: client.duid })),
    )
    expect(held.length).toBeGreaterThan(0)
    const missing = checkHeldLeases(held, { alpha, beta })
    if (missing.length > 0) throw new Error(`\n${missing.join('\n')}`)
    console.log(
      `both tables agree on ${alpha.size} and ${beta.size} records; ${held.length} leases are held by clients`,
    )
    return true
  })
  expect(finished.doubled()).toEqual([])
}
