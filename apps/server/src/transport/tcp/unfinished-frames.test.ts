/** A peer that says nothing, or begins what it does not end, holds no connection (RFC 8156 section 6.1). */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { dhcpTimeFromNumber, encodeStreamMessage, MessageType } from '@tandem/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClock } from '../../engine/test-support/fake-data-plane.ts'
import { PartnerStream, type PartnerStreamEvents } from './partner-stream.ts'

type Heard = Parameters<PartnerStreamEvents['push']>[0]

const frame = encodeStreamMessage({
  kind: 'failover',
  type: MessageType.Contact,
  transactionId: 1,
  sentTime: dhcpTimeFromNumber(0),
  options: [],
})

let server: Server
let peer: Socket
let stream: PartnerStream
let heard: Heard[]

beforeEach(async () => {
  server = createServer()
  server.listen(0, '::1')
  await once(server, 'listening')
  peer = connect({ host: '::1', port: (server.address() as AddressInfo).port })
  peer.on('error', () => undefined)
  const [accepted] = (await once(server, 'connection')) as [Socket]
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  heard = []
  stream = new PartnerStream(1, accepted, new FakeClock(), {
    push: (event) => heard.push(event),
    ended: () => undefined,
  })
})

afterEach(() => {
  stream.drop()
  peer.destroy()
  server.close()
  vi.useRealTimers()
})

/** Until the octets have come over the loopback interface. */
async function say(octets: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => peer.write(octets, () => resolve()))
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

const closedFor = () => heard.flatMap((event) => (event.kind === 'stream-closed' ? [event.reason] : []))

test('a peer that says nothing is dropped after thirty seconds', () => {
  vi.advanceTimersByTime(29_999)
  expect(closedFor()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(closedFor()).toEqual(['the peer sent nothing'])
})

test('a frame that is begun has to be whole within thirty seconds, also later on', async () => {
  await say(frame)
  vi.advanceTimersByTime(600_000)
  expect(closedFor()).toEqual([])
  await say(frame.subarray(0, 5))
  vi.advanceTimersByTime(20_000)
  await say(frame.subarray(5, 6))
  vi.advanceTimersByTime(9_999)
  expect(closedFor()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(closedFor()).toEqual(['the peer began a frame and did not end it'])
})

test('a slow frame that comes to its end in time is taken, and the next one has its own time', async () => {
  await say(frame.subarray(0, 5))
  vi.advanceTimersByTime(29_000)
  await say(frame.subarray(5))
  await say(frame.subarray(0, 5))
  vi.advanceTimersByTime(29_000)
  expect(closedFor()).toEqual([])
  expect(heard.map(({ kind }) => kind)).toEqual(['frame-received'])
})
