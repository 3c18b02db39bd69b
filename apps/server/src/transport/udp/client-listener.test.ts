/** Sockets for clients on the loopback interface: what arrives becomes an event, what is sent arrives. */
import dgram from 'node:dgram'
import { once } from 'node:events'
import { instant, type DatagramReceived } from '@tandem/engine'
import { afterEach, expect, test } from 'vitest'
import { openClientListener, type OpenClientListener } from './client-listener.ts'

const clock = { now: () => instant(5_000_000) }
const open: OpenClientListener[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()))
})

async function freePort(): Promise<number> {
  const socket = dgram.createSocket('udp6')
  socket.bind(0, '::1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

test('a datagram to a unicast listener becomes an event with its sender, and an answer gets back', async () => {
  const port = await freePort()
  const events: DatagramReceived[] = []
  const listener = await openClientListener(
    { id: 'u', kind: 'unicast', address: '::1', port, replyTo: 'source' },
    clock,
    {
      datagram: (event) => events.push(event),
      sendFailed: (detail) => expect.fail(detail),
      broken: (detail) => expect.fail(detail),
    },
  )
  open.push(listener)
  const client = dgram.createSocket('udp6')
  client.bind(0, '::1')
  await once(client, 'listening')
  client.send(new Uint8Array([1, 2, 3, 4]), port, '::1')
  await expect.poll(() => events.length).toBe(1)
  const [event] = events
  expect(event).toMatchObject({ listenerId: 'u', arrivedAt: 5_000_000, from: { address: '::1' } })
  expect([...(event?.bytes ?? [])]).toEqual([1, 2, 3, 4])
  const answered = once(client, 'message')
  listener.send({ address: '::1', port: client.address().port }, new Uint8Array([7]))
  const [answer] = await answered
  expect([...answer]).toEqual([7])
  client.close()
})

test('a port that is taken is one sentence that names the listener', async () => {
  const taken = dgram.createSocket('udp6')
  taken.bind(0, '::1')
  await once(taken, 'listening')
  const { port } = taken.address()
  const events = { datagram: () => undefined, sendFailed: () => undefined, broken: () => undefined }
  await expect(
    openClientListener({ id: 'u', kind: 'unicast', address: '::1', port, replyTo: 'source' }, clock, events),
  ).rejects.toThrow(`Cannot listen on udp [::1]:${port}: another program listens there already.`)
  taken.close()
})

test('an interface that is not there is one sentence that names those that are', async () => {
  const events = { datagram: () => undefined, sendFailed: () => undefined, broken: () => undefined }
  await expect(
    openClientListener(
      { id: 'i', kind: 'interface', interfaceName: 'nowhere0', port: 10_999, replyTo: 'relay-port' },
      clock,
      events,
    ),
  ).rejects.toThrow(/Cannot listen on udp \[ff02::1:2%nowhere0\]:10999: there is no interface nowhere0 .*lo/)
})

test('an answer that cannot be sent is counted and stops nobody', async () => {
  const port = await freePort()
  const failures: string[] = []
  const listener = await openClientListener(
    { id: 'u', kind: 'unicast', address: '::1', port, replyTo: 'source' },
    clock,
    { datagram: () => undefined, sendFailed: (detail) => failures.push(detail), broken: () => undefined },
  )
  open.push(listener)
  // The source port of a forged datagram may be zero, and a relay may ask for its answer there.
  listener.send({ address: '::1', port: 0 }, new Uint8Array([7]))
  await expect.poll(() => failures.length).toBe(1)
  listener.send({ address: '::1', port }, new Uint8Array(65_530))
  await expect.poll(() => failures.length).toBe(2)
})
