/** The data plane as it runs: its threads, real sockets on loopback, the real database. */
import dgram from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MessageType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStorage } from '../storage/open-storage.ts'
import { removeTestStorage, restoreWhole, testStorageUrl } from '../storage/test-support/test-storage.ts'
import { startDataPlane, type DataPlane } from './start-data-plane.ts'
import {
  configurationAlone,
  EMPTY_IA_NA,
  freeUdpPort,
  openRelayedClient,
  relayedMessage,
  type RelayedClient,
} from './test-support/relayed-client.ts'

let folder = ''
let storageUrl = ''
let port = 0
let plane: DataPlane | undefined
let client: RelayedClient
const failures: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-data-plane-'))
  storageUrl = await testStorageUrl(folder, 'alone')
  port = await freeUdpPort()
  client = await openRelayedClient(port)
})

afterEach(async () => {
  await plane?.stop()
  plane = undefined
  client.close()
  await removeTestStorage(storageUrl)
  rmSync(folder, { recursive: true })
  expect(failures.splice(0)).toEqual([])
})

async function start(): Promise<DataPlane> {
  const configuration = configurationAlone(storageUrl, port)
  const storage = await openStorage(configuration.node.storageUrl, Date.now())
  await storage.close()
  plane = await startDataPlane({
    configuration,
    serverDuid: storage.serverDuid,
    log: () => undefined,
    failed: (reason) => failures.push(reason),
  })
  return plane
}

test('a client gets an address, and it is in storage before the client knows', async () => {
  const started = await start()
  expect(started.listeners).toEqual([`udp [::1]:${port}`])
  await client.lease()
  const stored = await restoreWhole(storageUrl)
  expect(stored.bindings.map((binding) => [binding.kind, binding.status])).toEqual([['address', 'ACTIVE']])
  await expect.poll(() => started.view().counters.sentByType).toEqual({ ADVERTISE: 1, REPLY: 1 })
  expect(started.view().snapshot.pools[0]?.leased).toBe(1n)
  expect(started.view().commitNumber).toBeGreaterThanOrEqual(stored.lastCommitNumber)
})

test('after an orderly stop and a new start the client keeps its address', async () => {
  await start()
  const before = await client.lease()
  await plane?.stop()
  const stopped = await restoreWhole(storageUrl)
  expect(stopped.ranUntil).toBeLessThanOrEqual(Date.now())
  await start()
  expect(await client.lease()).toEqual(before)
})

test('notices and views reach who subscribed, until it ends the subscription', async () => {
  const started = await start()
  const heard: string[] = []
  const end = started.onNotices((notices) => heard.push(...notices.map(({ notice }) => notice.kind)))
  let views = 0
  started.onView(() => {
    views += 1
  })
  await client.lease()
  await expect.poll(() => heard).toEqual(['lease-changed'])
  expect(views).toBeGreaterThan(0)
  end()
})

test('a command is answered, and a refusal is an answer', async () => {
  const started = await start()
  const command = {
    kind: 'declare-partner-down',
    relationship: 'nobody',
    reason: 'r',
    seenState: 'NORMAL',
    force: false,
  } as const
  const answers = await Promise.all([started.command('c', 'admin', command), started.command('c', 'admin', command)])
  expect(answers).toEqual([
    expect.objectContaining({ ok: false, refusal: 'unknown-relationship' }),
    expect.objectContaining({ ok: false, refusal: 'unknown-relationship' }),
  ])
})

test('a listener that is taken fails the start with its sentence', async () => {
  const taken = dgram.createSocket('udp6')
  taken.bind(port, '::1')
  await once(taken, 'listening')
  await expect(start()).rejects.toThrow(`Cannot listen on udp [::1]:${port}: another program listens there already.`)
  taken.close()
})

/** Asks in a thread of its own and counts the answers, since the test blocks this one. */
const ASKER = `
const { workerData } = require('node:worker_threads')
const socket = require('node:dgram').createSocket('udp6')
const counts = new Int32Array(workerData.counts)
socket.on('message', () => Atomics.add(counts, 1, 1))
socket.bind(0, '::1', () => {
  setInterval(() => {
    Atomics.add(counts, 0, 1)
    socket.send(workerData.solicit, workerData.port, '::1')
  }, 20)
})
`

test('a stall of the main thread does not disturb service', async () => {
  await start()
  const solicit = new Uint8Array(relayedMessage(MessageType.Solicit, EMPTY_IA_NA))
  const counts = new Int32Array(new SharedArrayBuffer(8))
  const asker = new Worker(ASKER, { eval: true, workerData: { counts: counts.buffer, solicit, port } })
  await expect.poll(() => Atomics.load(counts, 1)).toBeGreaterThan(0)
  const [askedBefore, answeredBefore] = [Atomics.load(counts, 0), Atomics.load(counts, 1)]
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
  Atomics.wait(nobodyWakes, 0, 0, 3000)
  const asked = Atomics.load(counts, 0) - askedBefore
  const answered = Atomics.load(counts, 1) - answeredBefore
  await asker.terminate()
  expect(asked).toBeGreaterThan(50)
  // Nothing would be answered by the thread that is blocked; a busy machine may delay some.
  expect(answered).toBeGreaterThan(asked / 2)
})
