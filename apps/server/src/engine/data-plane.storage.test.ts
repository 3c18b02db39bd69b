/** The data plane as it runs: its threads, real sockets on loopback, the real database. */
import dgram from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MessageType, OptionCode } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseConfiguration } from '../configuration/load-configuration.ts'
import { openStorage } from '../storage/open-storage.ts'
import { removeTestStorage, restoreWhole, testStorageUrl } from '../storage/test-support/test-storage.ts'
import { startDataPlane, type DataPlane } from './start-data-plane.ts'

let folder = ''
let storageUrl = ''
let port = 0
let plane: DataPlane | undefined
let client: dgram.Socket
const failures: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-data-plane-'))
  storageUrl = await testStorageUrl(folder, 'alone')
  client = dgram.createSocket('udp6')
  client.bind(0, '::1')
  await once(client, 'listening')
  const free = dgram.createSocket('udp6')
  free.bind(0, '::1')
  await once(free, 'listening')
  port = free.address().port
  free.close()
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
  const loaded = parseConfiguration(
    `
node:
  name: alone
  storage: '${storageUrl}'
  listeners: [{ address: '::1', port: ${port}, replyTo: source }]
  api: { listen: '127.0.0.1:8067' }
subnets:
  - prefix: '2001:db8:100::/64'
    addressPools: ['2001:db8:100::1000-2001:db8:100::ffff']
`,
    join(folder, 'alone.yaml'),
  )
  if (!('configuration' in loaded)) throw new Error(JSON.stringify(loaded))
  const { configuration } = loaded
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

function relayedMessage(type: number, options: readonly number[]): readonly number[] {
  const message = [type, 0, 0, 1, ...option(OptionCode.ClientId, [0, 3, 0, 1, 2, 0, 0, 0, 0, 9]), ...options]
  const link = [0x20, 0x01, 0x0d, 0xb8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const peer = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  return [MessageType.RelayForw, 0, ...link, ...peer, ...option(OptionCode.RelayMessage, message)]
}

/** One relayed client message; answers the client's part of the answer. */
async function ask(type: number, options: readonly number[]): Promise<Buffer> {
  const answered = once(client, 'message')
  client.send(new Uint8Array(relayedMessage(type, options)), port, '::1')
  const [answer] = await answered
  if (!Buffer.isBuffer(answer)) throw new Error('no octets came')
  return answer.subarray(34 + 4)
}

function option(code: number, value: readonly number[]): readonly number[] {
  return [code >> 8, code & 255, value.length >> 8, value.length & 255, ...value]
}

function optionOf(message: Buffer, wanted: number): readonly number[] {
  for (let at = 4; at + 4 <= message.length;) {
    const end = at + 4 + message.readUInt16BE(at + 2)
    if (message.readUInt16BE(at) === wanted) return [...message.subarray(at + 4, end)]
    at = end
  }
  throw new Error(`there is no option ${wanted}`)
}

async function lease(): Promise<readonly number[]> {
  const iaNa = option(OptionCode.IaNa, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  const advertise = await ask(MessageType.Solicit, iaNa)
  expect(advertise[0]).toBe(MessageType.Advertise)
  const reply = await ask(MessageType.Request, [
    ...option(OptionCode.ServerId, optionOf(advertise, OptionCode.ServerId)),
    ...option(OptionCode.IaNa, optionOf(advertise, OptionCode.IaNa)),
  ])
  expect(reply[0]).toBe(MessageType.Reply)
  return optionOf(reply, OptionCode.IaNa).slice(16, 32)
}

test('a client gets an address, and it is in storage before the client knows', async () => {
  const started = await start()
  expect(started.listeners).toEqual([`udp [::1]:${port}`])
  await lease()
  const stored = await restoreWhole(storageUrl)
  expect(stored.bindings.map((binding) => [binding.kind, binding.status])).toEqual([['address', 'ACTIVE']])
  await expect.poll(() => started.view().counters.sentByType).toEqual({ ADVERTISE: 1, REPLY: 1 })
  expect(started.view().snapshot.pools[0]?.leased).toBe(1n)
  expect(started.view().commitNumber).toBeGreaterThanOrEqual(stored.lastCommitNumber)
})

test('after an orderly stop and a new start the client keeps its address', async () => {
  await start()
  const before = await lease()
  await plane?.stop()
  const stopped = await restoreWhole(storageUrl)
  expect(stopped.ranUntil).toBeLessThanOrEqual(Date.now())
  await start()
  expect(await lease()).toEqual(before)
})

test('notices and views reach who subscribed, until it ends the subscription', async () => {
  const started = await start()
  const heard: string[] = []
  const end = started.onNotices((notices) => heard.push(...notices.map(({ notice }) => notice.kind)))
  let views = 0
  started.onView(() => {
    views += 1
  })
  await lease()
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
  const iaNa = option(OptionCode.IaNa, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  const solicit = new Uint8Array(relayedMessage(MessageType.Solicit, iaNa))
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
