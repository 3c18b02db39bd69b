/** A server that comes back without its storage, and one that stood still for two minutes: nothing that clients were told is lost. */
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkHeldLeases, checkPromises, compareTables } from '../loopback-pair/check-promises.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import type { ToldLine } from '../loopback-pair/load-ledger.ts'
import type { Pace } from '../loopback-pair/load-client.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { readStoredBindings } from '../loopback-pair/stored-bindings.ts'
import { RELATIONSHIP, storageSuffixes, type ServerName } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const SUSPENSION_MS = 120_000
/** What a client said longer ago than that must not be answered: it has long asked again, or somebody else. */
const QUESTION_AGE_MAX_MS = 2000
/** On the wire times are whole seconds: a declaration must be later than anything the partner did. */
const BEFORE_DECLARATION_MS = 2000

const random = seededRandom(chosenSeed())
const pace: Pace = { pauseMinMs: 100, pauseMaxMs: 400, releaseProbability: 0.08, rebindProbability: 0.15 }

const pairs: LoopbackPair[] = []
const loads: LeaseLoad[] = []
let hasFailed = false

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    hasFailed = true
  })
})

afterAll(async () => {
  for (const load of loads) load.close()
  for (const pair of pairs) {
    await pair.end()
    if (hasFailed) console.log(`seed ${random.seed}; logs and databases in ${pair.folder}`)
    else pair.remove()
  }
})

interface Story {
  readonly pair: LoopbackPair
  readonly load: LeaseLoad
}

async function startStory(name: string, mclt: string): Promise<Story> {
  const pair = await makeLoopbackPair({
    name,
    relationship: { startup: '3s', reconnect: '1s', reconnectAfterRefusal: '1s', mclt },
  })
  pairs.push(pair)
  await pair.start()
  await pair.untilSettled(30_000)
  const load = await LeaseLoad.start(pair, { clients: 24, everyPrefix: 4, random, pace })
  loads.push(load)
  await waitUntil('clients have acquired and renewed', 20_000, () => {
    return load.ledger.repliesTo('request') >= 24 && load.ledger.repliesTo('renew') >= 24
  })
  return { pair, load }
}

describe.for(['alpha', 'beta'] as const)('%s loses its storage', (name) => {
  const survivor = name === 'alpha' ? 'beta' : 'alpha'

  test.for([false, true])(
    'and recovers every lease; its partner was declared to serve alone: %s',
    async (isDeclared) => {
      const { pair, load } = await startStory(`lost-${name}`, '15s')
      const lost = pair.server(name)
      // What the partner was never told is lost with the storage; so nothing is owed when it goes.
      await load.finish()
      await pair.untilSettled(30_000)
      await lost.kill()
      load.resume()
      await pair.untilState(survivor, ['communications-interrupted'], 20_000)
      if (isDeclared) await declareAlone(pair.server(survivor))
      for (const suffix of storageSuffixes) rmSync(lost.place.storageFile + suffix, { recursive: true })
      lost.forgetToken()
      const known = readStoredBindings(pair.server(survivor).place.storageFile)
      const startedAtMs = Date.now()
      await lost.start()
      await pair.untilNormal(200_000)
      expect(await statesOf(lost)).toEqual(['recover', 'recover-wait', 'recover-done', 'normal'])
      // What it may have promised before it lost its memory runs out first (RFC 8156 section 8.6).
      expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(15_000)
      await expectAgreement({ pair, load })
      const recovered = readStoredBindings(lost.place.storageFile)
      const missing = [...known.keys()].filter((lease) => !recovered.has(lease))
      expect(missing, 'leases that the partner knew').toEqual([])
      expect(known.size).toBeGreaterThan(20)
    },
  )
})

test(
  'a primary that is suspended for two minutes and resumed breaks no promise, nor where its partner serves alone',
  { timeout: 480_000 },
  async () => {
    await Promise.all([suspendAlpha('suspended', false), suspendAlpha('suspended-alone', true)])
  },
)

async function suspendAlpha(name: string, isDeclared: boolean): Promise<void> {
  const story = await startStory(name, '60s')
  const { pair, load } = story
  const { alpha, beta } = pair
  await pair.untilNormal(30_000)
  // With all its threads, and with all that it was about to say.
  process.kill(alpha.pid, 'SIGSTOP')
  const suspendedAtMs = Date.now()
  await pair.untilState('beta', ['communications-interrupted'], 20_000)
  if (isDeclared) await declareAlone(beta)
  const before = load.ledger.replyCount
  await delay(suspendedAtMs + SUSPENSION_MS - Date.now())
  expect(load.ledger.replyCount - before, 'beta serves meanwhile').toBeGreaterThan(200)
  expect(load.doubled()).toEqual([])
  process.kill(alpha.pid, 'SIGCONT')
  const resumedAtMs = Date.now()
  await pair.untilNormal(120_000)
  expect(toldTooLate(load, 'alpha', resumedAtMs), 'answers to questions from before').toEqual([])
  expect(alpha.output()).toContain('This server was suspended or stalled.')
  await delay(3000)
  await expectAgreement(story)
  expect(load.ledger.replyCount).toBeGreaterThan(400)
}

/** Which states a server has gone through since it lost its memory. */
async function statesOf(server: LoopbackServer): Promise<readonly string[]> {
  const { transitions } = await server.relationship(RELATIONSHIP)
  return transitions.toReversed().map(({ to }) => to)
}

async function declareAlone(server: LoopbackServer): Promise<void> {
  await delay(BEFORE_DECLARATION_MS)
  await server.declarePartnerDown(RELATIONSHIP)
}

/** What a server said after its suspension to questions that waited through it. */
function toldTooLate({ ledger }: LeaseLoad, by: ServerName, resumedAtMs: number): readonly ToldLine[] {
  return ledger
    .leases()
    .flatMap((lease) => ledger.of(lease))
    .filter((line): line is ToldLine => line.kind === 'told')
    .filter((line) => line.by === by && line.atMs >= resumedAtMs && line.sentAtMs < resumedAtMs - QUESTION_AGE_MAX_MS)
}

/** The last word of either server is in its storage, both tables agree, and they have what the clients rely on. */
async function expectAgreement({ pair, load }: Story): Promise<void> {
  await load.finish()
  expect(load.doubled()).toEqual([])
  await waitUntil('both tables agree', 30_000, async () => {
    await pair.untilSettled(30_000)
    const alpha = readStoredBindings(pair.alpha.place.storageFile)
    const beta = readStoredBindings(pair.beta.place.storageFile)
    const differences = compareTables(alpha, beta)
    if (differences.length > 0) throw new Error(`\n${differences.join('\n')}`)
    const held = load.clients.flatMap((client) =>
      client.held(Date.now()).map(({ lease, untilMs }) => ({ lease, untilMs, client: client.duid })),
    )
    const missing = checkHeldLeases(held, { alpha, beta })
    if (missing.length > 0) throw new Error(`\n${missing.join('\n')}`)
    expect(held.length).toBeGreaterThan(0)
    let checkedInAll = 0
    for (const [name, stored] of [['alpha', alpha] as const, ['beta', beta] as const]) {
      const { checked, broken } = checkPromises(load.ledger, name, stored, Date.now())
      if (broken.length > 0) throw new Error(`last words of ${name}:\n${broken.join('\n')}`)
      checkedInAll += checked
    }
    expect(checkedInAll).toBeGreaterThan(20)
    console.log(`${pair.folder}: tables agree on ${alpha.size} records, ${held.length} leases are held by clients`)
    return true
  })
}
