/** A hundred thousand mutations of valid packets and frames, sent to the running pair in each of its states (acceptance 5). */
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { duidFromHex, optionDefinitions, type Duid } from '@tandem/protocol'
import { afterAll, expect, test } from 'vitest'
import { FailoverMiddleman } from '../loopback-pair/failover-middleman.ts'
import { checkHeldLeases } from '../loopback-pair/check-promises.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import type { Pace } from '../loopback-pair/load-client.ts'
import { makeLoopbackPair, QUIET_LINK, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { readStoredBindings } from '../loopback-pair/stored-bindings.ts'
import { DatagramFlood, receiveQueue } from '../mutations/datagram-flood.ts'
import { FrameFlood } from '../mutations/frame-flood.ts'
import { InspectedProcess, inspectionEnvironment, type HeapUse } from '../mutations/inspected-process.ts'
import { mutate, mutationKinds } from '../mutations/mutate.ts'
import { validDatagram } from '../mutations/valid-messages.ts'
import { everyOption } from '../mutations/valid-options.ts'
import type { ServerName } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const MUTATIONS = Number(process.env['TANDEM_TEST_MUTATIONS'] ?? 100_000)
const PHASES = 6
/** Rounded up, so that the phases make no less together. */
const IN_EACH_STATE = Math.ceil(MUTATIONS / PHASES)
const FRAME_SHARE = 0.25
/** There every message that can be read ends the connection, and alpha dials once a second. */
const FRAMES_IN_STARTUP = 300
/** Alpha dials again for each connection that a mutant has ended. */
const FRAMES_IN_RECOVER = 2000
/** Before the heap is looked at for the first time: what fills up once is full then. */
const WARM_UP = 4000

/** Long enough that a server which lost its storage still waits when the mutants come. */
const MCLT_SECONDS = 75
const HEAP_GROWTH_MAX = 0.1
const calmPace: Pace = { pauseMinMs: 200, pauseMaxMs: 700, releaseProbability: 0.2, rebindProbability: 0.15 }

const random = seededRandom(chosenSeed())
const kinds = new Map<string, number>()
const count = (kind: string): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1)

const closing: (() => Promise<void> | void)[] = []
let pair: LoopbackPair
let passed = false

afterAll(async () => {
  for (const close of closing.toReversed()) await close()
  await pair.end()
  if (passed) pair.remove()
  else console.log(`seed ${random.seed}; logs and databases in ${pair.folder}`)
})

test('the corpus has an example of every option that has a decoder', () => {
  const examples = new Set(everyOption(random).map(({ code }) => code))
  expect(optionDefinitions.filter(({ code }) => !examples.has(code)).map(({ name }) => name)).toEqual([])
})

test(
  `${MUTATIONS} mutations in all states: both servers stay up and sound, an honest client is served, the heap does not grow`,
  { timeout: 900_000 },
  async () => {
    console.log(`seed ${random.seed} (again with TANDEM_TEST_SEED=${random.seed})`)
    const scene = await setScene()
    const { beta, alpha } = pair

    await warmUp(scene)
    const heapsBefore = { alpha: await scene.heap('alpha'), beta: await scene.heap('beta') }
    await phase(scene, 'normal', [alpha, beta], (frames, wanted) => inNormal(scene, frames, wanted))
    await pair.untilNormal(60_000)
    expectSameHeap('alpha, until its kill', heapsBefore.alpha, await scene.heap('alpha'))

    await scene.endOf('alpha')
    await pair.untilState('beta', ['communications-interrupted'], 20_000)
    await phase(scene, 'communications-interrupted', [beta], (frames, wanted) => asEither(beta, frames, wanted))
    await beta.declarePartnerDown('alpha-beta')
    await phase(scene, 'partner-down', [beta], (frames, wanted) => asEither(beta, frames, wanted))

    // Without its storage alpha begins from nothing; while the middleman plays its partner it does not find beta.
    for (const suffix of ['', '-wal', '-shm']) rmSync(alpha.place.storageFile + suffix, { force: true })
    alpha.forgetToken()
    scene.middleman.handTo(scene.frames.impostor('silent'))
    await scene.startInspected('alpha')
    await phase(scene, 'startup', [alpha], throughImpostor, FRAMES_IN_STARTUP)
    await pair.untilState('alpha', ['recover'], 60_000)
    scene.middleman.handTo(scene.frames.impostor('starting'))
    await phase(scene, 'recover', [alpha], throughImpostor, FRAMES_IN_RECOVER)
    scene.middleman.leadTo(beta.place.failoverPort)
    await pair.untilState('alpha', ['recover-wait', 'recover-done', 'normal'], 60_000)
    await phase(scene, 'recover-wait', [alpha, beta], (frames, wanted) => inNormal(scene, frames, wanted))

    await pair.untilNormal(120_000)
    await expectSound(scene)
    expectSameHeap('beta, through all of it', heapsBefore.beta, await scene.heap('beta'))
    await scene.note('alpha')
    await scene.note('beta')
    report(scene)
    passed = true
  },
)

/** The frames of one state. */
type SendFrames = (frames: FrameFlood, wanted: number) => Promise<void>

async function inNormal(scene: Scene, frames: FrameFlood, wanted: number): Promise<void> {
  const strangers = Math.ceil(wanted / 20)
  await frames.asStranger(pair.beta.place.failoverPort, strangers)
  await frames.inConversation(scene.middleman, wanted - strangers)
}

async function asEither(server: LoopbackServer, frames: FrameFlood, wanted: number): Promise<void> {
  const strangers = Math.ceil(wanted / 20)
  await frames.asStranger(server.place.failoverPort, strangers)
  await frames.asPrimary(server.place.failoverPort, wanted - strangers, MCLT_SECONDS)
}

/** Alpha dials by itself, and is given mutants by whom it dials. */
async function throughImpostor(frames: FrameFlood, wanted: number): Promise<void> {
  const end = frames.sent + wanted
  while (frames.sent < end) await delay(50)
}

interface Scene {
  readonly middleman: FailoverMiddleman
  readonly datagrams: DatagramFlood
  readonly frames: FrameFlood
  readonly honest: LeaseLoad
  /** Of both servers, and of alpha's second life. */
  readonly duids: Duid[]
  readonly coverage: Map<string, number>
  readonly slowest: string[]
  readonly reports: string[]
  startInspected(name: ServerName): Promise<void>
  heap(name: ServerName): Promise<readonly HeapUse[]>
  /** What the decoders of the process ran, and its slowest event, are kept before it ends. */
  note(name: ServerName): Promise<void>
  endOf(name: ServerName): Promise<void>
}

async function setScene(): Promise<Scene> {
  const middleman = await FailoverMiddleman.start()
  pair = await makeLoopbackPair({
    name: 'mutations',
    dialledPort: middleman.port,
    relationship: {
      startup: '25s',
      reconnect: '1s',
      reconnectAfterRefusal: '1s',
      mclt: `${MCLT_SECONDS}s`,
      keepalive: '20s',
      maxUnackedUpdates: 1000,
    },
  })
  middleman.leadTo(pair.beta.place.failoverPort)
  const inspected = new Map<ServerName, InspectedProcess>()
  const coverage = new Map<string, number>()
  const slowest: string[] = []
  const of = (name: ServerName): InspectedProcess => {
    const found = inspected.get(name)
    if (found === undefined) throw new Error(`${name} is not inspected`)
    return found
  }
  const scene: Omit<Scene, 'honest' | 'datagrams'> = {
    middleman,
    frames: new FrameFlood(random, count),
    duids: [],
    coverage,
    slowest,
    reports: [],
    async startInspected(name) {
      const server = pair.server(name)
      const port = server.place.apiPort + 1
      await server.start({ environment: inspectionEnvironment(port) })
      inspected.set(name, await InspectedProcess.attach(port))
      await of(name).startMeasuring()
      const { duid } = (await server.get('/server')) as { readonly duid: string }
      scene.duids.push(duidOf(duid))
    },
    heap: (name) => of(name).heapUse(),
    async note(name) {
      for (const [decoder, times] of Object.entries(await of(name).decodeCoverage())) {
        coverage.set(decoder, (coverage.get(decoder) ?? 0) + times)
      }
      const { milliseconds, kind, octets, startHex } = await of(name).slowestEvent()
      slowest.push(`${name} ${milliseconds.toFixed(1)} ms for a ${kind} of ${octets} octets, ${startHex}`)
    },
    async endOf(name) {
      await scene.note(name)
      of(name).close()
      await pair.server(name).kill()
    },
  }
  await Promise.all([scene.startInspected('alpha'), scene.startInspected('beta')])
  await pair.untilSettled(60_000)
  const datagrams = await DatagramFlood.open()
  const honest = await LeaseLoad.start(pair, {
    clients: 3,
    everyPrefix: 3,
    random: seededRandom(random.seed + 1),
    linkAddress: QUIET_LINK,
    pace: calmPace,
  })
  closing.push(
    () => middleman.close(),
    () => honest.close(),
    () => datagrams.close(),
    () => inspected.forEach((each) => each.close()),
  )
  return { ...scene, datagrams, honest }
}

/** Whatever grows with the first clients of a server, and no further: its pools are full afterwards. */
async function warmUp(scene: Scene): Promise<void> {
  const crowd = await LeaseLoad.start(pair, { clients: 64, everyPrefix: 4, random: seededRandom(random.seed + 2) })
  await delay(3000)
  await crowd.finish()
  crowd.close()
  for (let sent = 0; sent < WARM_UP; sent += 1) {
    await scene.datagrams.send(
      random.pick(pair.servers).place.clientPort,
      mutate(validDatagram(random, scene.duids), random).bytes,
    )
  }
  await Promise.all([scene.heap('alpha'), scene.heap('beta')])
}

async function phase(
  scene: Scene,
  state: string,
  targets: readonly LoopbackServer[],
  sendFrames: SendFrames,
  frameCount = Math.ceil(IN_EACH_STATE * FRAME_SHARE),
): Promise<void> {
  const { ledger } = scene.honest
  const before = { acquired: ledger.repliesTo('request'), renewed: ledger.repliesTo('renew') }
  const startedAtMs = Date.now()
  const framesBefore = scene.frames.sent
  const datagramCount = IN_EACH_STATE - frameCount
  const seen = await Promise.all(targets.map((target) => target.relationship('alpha-beta')))
  await Promise.all([sendDatagrams(scene, targets, datagramCount), sendFrames(scene.frames, frameCount)])
  const alive = targets.every((target) => target.isRunning)
  expect(alive, `in ${state} all servers run on`).toBe(true)
  const acquired = ledger.repliesTo('request') - before.acquired
  const renewed = ledger.repliesTo('renew') - before.renewed
  if (['normal', 'communications-interrupted', 'partner-down'].includes(state)) {
    await waitUntil(`an honest client has acquired and renewed in ${state}`, 15_000, () => {
      return ledger.repliesTo('request') > before.acquired && ledger.repliesTo('renew') > before.renewed
    })
  }
  expect(seen.map((each) => each.state)).toContain(state)
  scene.reports.push(
    `${state}: ${datagramCount} datagrams and ${scene.frames.sent - framesBefore} frames in ` +
      `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s to ${targets.map(({ name }) => name).join(' and ')}; ` +
      `honest clients acquired ${acquired} and renewed ${renewed} times`,
  )
  console.log(scene.reports.at(-1))
}

async function sendDatagrams(scene: Scene, targets: readonly LoopbackServer[], wanted: number): Promise<void> {
  for (let sent = 0; sent < wanted; sent += 1) {
    const { kind, bytes } = mutate(validDatagram(random, scene.duids), random)
    count(kind)
    await scene.datagrams.send(random.pick(targets).place.clientPort, bytes)
  }
  for (const { place } of targets) {
    await waitUntil('the queue is empty', 20_000, () => receiveQueue(place.clientPort).waitingOctets === 0)
    expect(receiveQueue(place.clientPort).dropped, 'datagrams that the kernel dropped').toBe(0)
  }
}

function duidOf(hex: string): Duid {
  const duid = duidFromHex(hex.replaceAll(':', ''))
  if (duid === undefined) throw new Error(`${hex} is no DUID`)
  return duid
}

/** After all of it the pair works as on its first day. */
async function expectSound({ honest }: Scene): Promise<void> {
  const before = honest.ledger.repliesTo('request')
  await waitUntil('an honest client acquires', 20_000, () => honest.ledger.repliesTo('request') > before)
  await honest.finish()
  expect(honest.doubled()).toEqual([])
  // Mutants that were valid have set the partners at odds over leases of nobody; what real clients hold is agreed on.
  const held = honest.clients.flatMap((client) =>
    client.held(Date.now()).map(({ lease, untilMs }) => ({ lease, untilMs, client: client.duid })),
  )
  await waitUntil('both tables have what the honest clients hold', 20_000, () => {
    const [alpha, beta] = pair.servers.map(({ place }) => readStoredBindings(place.storageFile))
    const missing = alpha === undefined || beta === undefined ? [] : checkHeldLeases(held, { alpha, beta })
    if (missing.length > 0) throw new Error(missing.join('\n'))
    return held.length > 0
  })
  for (const server of pair.servers) {
    const health = await server.get('/health')
    expect(health, `health of ${server.name}`).toEqual({ status: 'up' })
    const { counters } = (await server.get('/server')) as {
      readonly counters: { readonly datagramsUnanswered: object }
    }
    console.log(`${server.name} left unanswered: ${JSON.stringify(counters.datagramsUnanswered)}`)
    expect(counters.datagramsUnanswered).not.toHaveProperty('inbox-full')
    expect(counters.datagramsUnanswered).not.toHaveProperty('inbox-too-old')
  }
}

function expectSameHeap(what: string, before: readonly HeapUse[], after: readonly HeapUse[]): void {
  const sum = (uses: readonly HeapUse[]): number => uses.reduce((total, { usedBytes }) => total + usedBytes, 0)
  const growth = sum(after) / sum(before) - 1
  const each = after.map(({ thread, usedBytes }) => `${thread} ${(usedBytes / 1e6).toFixed(1)}`).join(', ')
  console.log(
    `heap of ${what}: ${(sum(before) / 1e6).toFixed(1)} MB before, ${(sum(after) / 1e6).toFixed(1)} MB after ` +
      `(${(growth * 100).toFixed(1)} %; ${each})`,
  )
  expect(growth, what).toBeLessThan(HEAP_GROWTH_MAX)
}

function report({ coverage, slowest }: Scene): void {
  const decoders = [...coverage].toSorted(([, a], [, b]) => a - b)
  console.log(`decoders run: ${decoders.map(([name, times]) => `${name} ${times}`).join(', ')}`)
  console.log(`mutations: ${[...kinds].map(([kind, times]) => `${kind} ${times}`).join(', ')}`)
  console.log(`slowest: ${slowest.join('; ')}`)
  expect(decoders.length).toBeGreaterThan(optionDefinitions.length)
  expect(decoders.filter(([, times]) => times === 0)).toEqual([])
  const total = [...kinds.values()].reduce((sum, times) => sum + times, 0)
  expect(total).toBeGreaterThanOrEqual(MUTATIONS)
  for (const kind of mutationKinds) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0)
  const randomShare = (kinds.get('random') ?? 0) / total
  expect(randomShare).toBeGreaterThan(0.08)
}
