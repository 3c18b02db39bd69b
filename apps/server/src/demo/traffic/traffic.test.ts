/** The whole generator over real sockets against a scripted server: leases arrive, and one that is given twice is reported. */
import {
  clientIdOption,
  decodeDatagram,
  encodeDatagram,
  findOption,
  iaAddressOption,
  iaNaOption,
  ipv6AddressFromNumber,
  makeDuidLl,
  MessageType,
  option,
  relayMessageOption,
  serverIdOption,
} from '@tandem/protocol'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { startTraffic } from './traffic.ts'

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

/** Gives every client the address that `choose` says. */
async function scriptedServer(choose: (client: string) => bigint): Promise<number> {
  const socket: Socket = createSocket('udp6')
  cleanUps.push(() => socket.close())
  await new Promise<void>((resolve) => socket.bind(0, '::1', resolve))
  socket.on('message', (bytes, from) => {
    const outer = decodeDatagram(bytes)
    if (!outer.ok || outer.value.kind !== 'relay') return
    const inner = decodeDatagram(findOption(outer.value.options, relayMessageOption) ?? new Uint8Array())
    if (!inner.ok || inner.value.kind !== 'client-server') return
    const client = findOption(inner.value.options, clientIdOption)
    if (client === undefined) return
    const address = option(iaAddressOption, {
      address: ipv6AddressFromNumber(choose(client)),
      preferredLifetime: 100,
      validLifetime: 100,
      options: [],
    })
    const reply = encodeDatagram({
      kind: 'client-server',
      type: inner.value.type === MessageType.Solicit ? MessageType.Advertise : MessageType.Reply,
      transactionId: inner.value.transactionId,
      options: [
        option(clientIdOption, client),
        option(serverIdOption, makeDuidLl(1, Uint8Array.of(1, 1, 1, 1, 1, 1))),
        option(iaNaOption, { iaid: 1, t1: 50, t2: 80, options: [address] }),
      ],
    })
    const wrapped = { ...outer.value, type: MessageType.RelayRepl, options: [option(relayMessageOption, reply)] }
    socket.send(encodeDatagram(wrapped), from.port, from.address)
  })
  return socket.address().port
}

async function run(choose: (client: string) => bigint) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-traffic-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const traffic = await startTraffic({
    servers: [{ address: '::1', port: await scriptedServer(choose) }],
    links: ['2001:db8::1'],
    clientCount: 4,
    arrivalMs: 10,
    stayMs: 60_000,
    awayMs: 60_000,
    statusFile: join(folder, 'traffic.json'),
    random: () => 0.5,
  })
  await vi.waitFor(() => expect(traffic.status().clients.every(({ state }) => state === 'bound')).toBe(true), 5000)
  await traffic.stop()
  const written: unknown = JSON.parse(readFileSync(join(folder, 'traffic.json'), 'utf8'))
  return { traffic, written }
}

test('every client gets its lease, and the status file says who holds what', async () => {
  const { traffic, written } = await run((client) => BigInt(`0x${client.slice(-4)}`) + 1n)
  expect(traffic.counts()).toMatchObject({ clients: 4, leases: 4, doubled: 0, lost: 0 })
  expect(written).toMatchObject({
    counts: { leases: 4 },
    clients: [{ name: 'client-01', state: 'bound', leases: [{ lease: '::1', kind: 'address' }] }, {}, {}, {}],
  })
})

test('a server that gives one address to everybody is found out', async () => {
  const { traffic } = await run(() => 7n)
  expect(traffic.counts().doubled).toBe(3)
})
