/** Sent-time is the moment at which the socket takes the frame: waiting must not look like clock skew (RFC 8156 section 7.1). */
import { Duplex } from 'node:stream'
import { dhcpTimeFromNumber, encodeStreamMessage, MessageType, toDhcpTime } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { FakeClock } from '../../engine/test-support/fake-data-plane.ts'
import { FrameSender } from './frame-sender.ts'

const SENT_TIME_AT = 6

/** Takes one frame and is full then, until the test lets it go on. */
class FullAfterOne extends Duplex {
  readonly taken: Buffer[] = []
  #goOn: (() => void) | undefined

  constructor() {
    super({ writableHighWaterMark: 1 })
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk)
    this.#goOn = done
  }

  override _read(): void {
    return
  }

  goOn(): Promise<void> {
    this.#goOn?.()
    return new Promise((resolve) => setImmediate(resolve))
  }
}

const contact = (): Uint8Array =>
  encodeStreamMessage({
    kind: 'failover',
    type: MessageType.Contact,
    transactionId: 1,
    sentTime: dhcpTimeFromNumber(0),
    options: [],
  })

test('a frame that waits for room carries the time at which it left, not the one at which it was to leave', async () => {
  const clock = new FakeClock()
  const stream = new FullAfterOne()
  const sender = new FrameSender(stream, clock, () => expect.fail('nothing is overrun here'))
  const first = toDhcpTime(clock.now())
  for (let count = 0; count < 3; count += 1) sender.send(contact())
  await Promise.resolve()
  expect(stream.taken).toHaveLength(1)
  for (let count = 0; count < 2; count += 1) {
    clock.advance(7000)
    await stream.goOn()
  }
  expect(stream.taken.map((frame) => frame.readUInt32BE(SENT_TIME_AT) - first)).toEqual([0, 7, 14])
})

/** Counts the writes that reach the operating system. */
class Counting extends Duplex {
  readonly writes: number[] = []

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(1)
    done()
  }

  override _writev(chunks: readonly unknown[], done: () => void): void {
    this.writes.push(chunks.length)
    done()
  }

  override _read(): void {
    return
  }
}

test('frames that are sent in one go leave in one write, before anything else is awaited', async () => {
  const stream = new Counting()
  const sender = new FrameSender(stream, new FakeClock(), () => expect.fail('nothing is overrun here'))
  for (let count = 0; count < 5; count += 1) sender.send(contact())
  expect(stream.writes).toEqual([])
  await Promise.resolve()
  expect(stream.writes).toEqual([5])
  sender.send(contact())
  await Promise.resolve()
  expect(stream.writes).toEqual([5, 1])
})

test('a partner that takes nothing is cut off, and does not fill our memory', () => {
  let overruns = 0
  const sender = new FrameSender(new FullAfterOne(), new FakeClock(), () => {
    overruns += 1
  })
  for (let count = 0; count < 600 && overruns === 0; count += 1) sender.send(new Uint8Array(65_537))
  expect(overruns).toBe(1)
})
