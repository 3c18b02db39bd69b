/** A captured session of the two servers, checked message by message by decoders that are not ours (acceptance 3). */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LeaseLoad } from '../loopback-pair/lease-load.ts'
import type { Pace } from '../loopback-pair/load-client.ts'
import { makeLoopbackPair, type LoopbackPair } from '../loopback-pair/loopback-pair.ts'
import { chosenSeed, seededRandom } from '../loopback-pair/seeded-random.ts'
import { RELATIONSHIP, storageSuffixes } from '../topology/pair-configuration.ts'
import { startProgram, type RunningProgram } from '../topology/program.ts'
import { waitUntil } from '../topology/wait-until.ts'

const run = promisify(execFile)
const checker = join(import.meta.dirname, '..', 'capture', 'check_capture.py')

const random = seededRandom(chosenSeed())
const calmPace: Pace = { pauseMinMs: 300, pauseMaxMs: 600, releaseProbability: 0.15, rebindProbability: 0.1 }

const MCLT_SECONDS = 5
const KEEPALIVE_SECONDS = 4
const MAX_UNACKED = 37

let pair: LoopbackPair
let dump: RunningProgram | undefined
let capture = ''
let expectations = ''
let failed = false

/** Every message of the protocol, in the order in which a pair comes to need them. */
beforeAll(async () => {
  pair = await makeLoopbackPair({
    name: 'capture',
    relationship: {
      mclt: `${MCLT_SECONDS}s`,
      keepalive: `${KEEPALIVE_SECONDS}s`,
      contactsPerKeepalive: 4,
      maxUnackedUpdates: MAX_UNACKED,
      startup: '2s',
      reconnect: '1s',
      reconnectAfterRefusal: '1s',
    },
  })
  capture = join(pair.folder, 'failover.pcap')
  dump = await startDump(pair, capture)
  await pair.start()
  await pair.untilSettled(60_000)
  const held = await letClientsIn(pair)
  await losePartnersStorage(pair)
  await goThroughPartnerDown(pair)
  await pair.alpha.stop()
  await pair.beta.stop()
  await delay(1000)
  dump.kill('SIGINT')
  await dump.exited
  expectations = join(pair.folder, 'expectations.json')
  const told = {
    secondaryPort: pair.beta.place.failoverPort,
    mcltSeconds: MCLT_SECONDS,
    keepaliveSeconds: KEEPALIVE_SECONDS,
    maxUnackedUpdates: MAX_UNACKED,
    relationship: RELATIONSHIP,
    leases: held,
  }
  writeFileSync(expectations, JSON.stringify(told, undefined, 2))
}, 180_000)

afterAll(async () => {
  await dump?.stop()
  await pair.end()
  if (failed) console.log(`seed ${random.seed}; capture and logs in ${pair.folder}`)
  else pair.remove()
})

test('every failover message of the session stands before a Python script and before tshark', async ({
  onTestFailed,
}) => {
  onTestFailed(() => {
    failed = true
  })
  const { stdout } = await run('python3', [checker, 'check', capture, expectations])
  console.log(stdout.trim())
  expect(stdout).toMatch(/^ok: /m)
})

test('a message with one flipped length byte is found out, whichever byte of whichever message it is', async ({
  onTestFailed,
}) => {
  onTestFailed(() => {
    failed = true
  })
  const { stdout } = await run('python3', [checker, 'flip-each-length', capture, expectations])
  console.log(stdout.trim())
  expect(stdout).toMatch(/^ok: /m)
  // And the whole way round once: a capture file in which one octet is another.
  const flipped = join(pair.folder, 'flipped.pcap')
  await run('python3', [checker, 'flip-one', capture, expectations, flipped])
  expect(readFileSync(flipped).equals(readFileSync(capture))).toBe(false)
  await expect(run('python3', [checker, 'check', flipped, expectations])).rejects.toThrow(/not ok/)
})

/** The capture program of the Wireshark package, so that tshark is all that must be there. */
async function startDump({ beta }: LoopbackPair, file: string): Promise<RunningProgram> {
  const filter = `tcp port ${beta.place.failoverPort}`
  const command = ['dumpcap', '-P', '-i', 'lo', '-f', filter, '-w', file]
  const program = startProgram({ command, logFile: `${file}.log` })
  await waitUntil('dumpcap', 10_000, () => program.output().includes('File:'))
  return program
}

interface LeaseOfClient {
  readonly lease: string
  readonly duid: string
}

/** New, renewed and released leases, then quiet long enough for CONTACT. */
async function letClientsIn(settled: LoopbackPair): Promise<readonly LeaseOfClient[]> {
  const load = await LeaseLoad.start(settled, { clients: 6, everyPrefix: 2, random, pace: calmPace })
  await delay(6000)
  await load.finish()
  const held = load.clients.flatMap((client) =>
    client.held(Date.now()).map(({ lease }) => ({ lease, duid: client.duid.replaceAll(':', '') })),
  )
  load.close()
  expect(held.length).toBeGreaterThan(0)
  await settled.untilSettled(10_000)
  await delay(KEEPALIVE_SECONDS * 1000)
  return held
}

/** DISCONNECT, and then UPDREQALL of a server that has nothing left. */
async function losePartnersStorage(settled: LoopbackPair): Promise<void> {
  await settled.beta.stop()
  for (const suffix of storageSuffixes)
    rmSync(settled.beta.place.storageFile + suffix, { recursive: true, force: true })
  settled.beta.forgetToken()
  await settled.beta.start()
  await settled.untilSettled(60_000)
}

/** STATE with the time of PARTNER-DOWN, and the partner's way back. */
async function goThroughPartnerDown(settled: LoopbackPair): Promise<void> {
  await settled.beta.kill()
  await settled.untilState('alpha', ['communications-interrupted'], 20_000)
  // On the wire times are whole seconds: the declaration must be later than anything the partner did.
  await delay(2000)
  await settled.alpha.declarePartnerDown(RELATIONSHIP)
  await settled.untilState('alpha', ['partner-down'], 10_000)
  await settled.beta.start()
  await settled.untilSettled(60_000)
}
