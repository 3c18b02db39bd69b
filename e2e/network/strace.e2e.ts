/** What the system calls of the servers say about their promises: flushed first, told afterwards (acceptance 4b). */
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { FailoverMiddleman } from '../loopback-pair/failover-middleman.ts'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import type { Pace } from '../loopback-pair/load-client.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import type { LoopbackServer } from '../loopback-pair/loopback-server.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { checkReleaseOrder, promisingMessages, type ReleaseVerdict } from '../system-calls/check-release-order.ts'
import { readTrace, STRACE_OPTIONS, type SystemCalls } from '../system-calls/read-trace.ts'
import { startProgram, type RunningProgram } from '../topology/program.ts'
import type { ServerName } from '../topology/pair-configuration.ts'
import { waitUntil } from '../topology/wait-until.ts'

const random = seededRandom(chosenSeed())

/** Light: what matters is the order of each answer, and a traced server is slow. */
const lightPace: Pace = { pauseMinMs: 150, pauseMaxMs: 400, releaseProbability: 0.1, rebindProbability: 0.1 }
const LOAD_MS = 3000
/** Each brings two STATEs of either server. */
const CUTS = 3

/** Below that a run says little. */
const SENT_MIN = { REPLY: 20, BNDREPLY: 10, STATE: CUTS * 4 } as const

const open: (() => Promise<void>)[] = []
const folders: LoopbackPair[] = []
let failed = false

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    failed = true
  })
})

afterAll(async () => {
  for (const close of open.splice(0).toReversed()) await close()
  for (const pair of folders) {
    if (failed) console.log(`seed ${random.seed}; logs and traces in ${pair.folder}`)
    else pair.remove()
  }
})

test('no REPLY, BNDREPLY or STATE leaves a server between its question and a completed flush', async () => {
  const traces = await tracedSession('flushed', {})
  const verdicts = judged(traces)
  for (const [name, { sent, tooEarly }] of Object.entries(verdicts)) {
    console.log(`${name}: ${JSON.stringify(sent)}, all of them flushed first`)
    expect(tooEarly, name).toEqual({ REPLY: [], BNDREPLY: [], STATE: [] })
  }
  expectEnough(verdicts)
  // Nor is it enough that something was flushed: a STATE whose own record was not among it is found out.
  for (const calls of Object.values(traces)) {
    const others = calls.logWrites.map((write) => ({ ...write, bytes: new Uint8Array(0) }))
    const { sent, tooEarly } = checkReleaseOrder({ ...calls, logWrites: others })
    expect({ ...tooEarly, STATE: tooEarly.STATE.length }).toEqual({ REPLY: [], BNDREPLY: [], STATE: sent.STATE })
  }
})

test('with full sync switched off the same check fails for each of the three', async () => {
  const verdicts = judged(await tracedSession('unflushed', { TANDEM_TEST_UNSAFE_NO_SYNC: '1' }))
  expectEnough(verdicts)
  for (const [name, { sent, tooEarly }] of Object.entries(verdicts)) {
    for (const kind of promisingMessages) {
      expect(tooEarly[kind].length, `${kind} of ${name}`).toBe(sent[kind])
    }
    console.log(`${name} without sync: every one of ${JSON.stringify(sent)} is found to be too early`)
  }
})

type Traces = Readonly<Record<ServerName, SystemCalls>>
type Verdicts = Readonly<Record<ServerName, ReleaseVerdict>>

function judged({ alpha, beta }: Traces): Verdicts {
  return { alpha: checkReleaseOrder(alpha), beta: checkReleaseOrder(beta) }
}

function expectEnough({ alpha, beta }: Verdicts): void {
  for (const kind of promisingMessages) {
    expect(alpha.sent[kind] + beta.sent[kind], kind).toBeGreaterThanOrEqual(SENT_MIN[kind])
  }
}

/** Clients, cuts between the partners with leases given out meanwhile by both, and the talk after each: all of it traced. */
async function tracedSession(name: string, environment: Readonly<Record<string, string>>): Promise<Traces> {
  const middleman = await FailoverMiddleman.start()
  open.push(() => middleman.close())
  const pair = await makeLoopbackPair({
    name: `strace-${name}`,
    dialledPort: middleman.port,
    relationship: { startup: '3s', reconnect: '2s', reconnectAfterRefusal: '2s' },
  })
  folders.push(pair)
  open.push(() => pair.end())
  middleman.leadTo(pair.beta.place.failoverPort)
  await pair.start({ environment })
  await pair.untilSettled(30_000)
  const traces = await Promise.all(pair.servers.map((server) => attach(pair, server)))
  const load = await LeaseLoad.start(pair, { clients: 12, everyPrefix: 3, random, pace: lightPace })
  open.push(async () => load.close())
  for (let cut = 0; cut < CUTS; cut += 1) {
    await delay(LOAD_MS)
    middleman.cut()
    await pair.untilState('beta', ['communications-interrupted'], 10_000)
    await pair.untilSettled(60_000)
  }
  await delay(LOAD_MS)
  await load.finish()
  load.close()
  open.pop()
  for (const trace of traces) trace.kill('SIGINT')
  await Promise.all(traces.map(({ exited }) => exited))
  await pair.end()
  return {
    alpha: readTrace(pair.folder, 'trace-alpha'),
    beta: readTrace(pair.folder, 'trace-beta'),
  }
}

async function attach(pair: LoopbackPair, server: LoopbackServer): Promise<RunningProgram> {
  const output = join(pair.folder, `trace-${server.name}`)
  const logFile = `${output}-strace.log`
  const program = startProgram({
    command: ['strace', ...STRACE_OPTIONS, '-o', output, '-p', String(server.pid)],
    logFile,
  })
  open.push(async () => {
    await program.stop()
  })
  await waitUntil(`strace on ${server.name}`, 10_000, () => /attached/.test(program.output()))
  return program
}
