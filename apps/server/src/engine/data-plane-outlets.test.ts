/** Better silent than late: the client has long asked again (architecture section 5, traps). */
import { instant, type SendDatagram } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { createOutlets } from './data-plane-outlets.ts'
import { DataPlaneMeters } from './data-plane-meters.ts'
import { FakeClock } from './test-support/fake-data-plane.ts'

function answerAfter(waitedMs: number) {
  const sent: SendDatagram[] = []
  const clock = new FakeClock()
  const meters = new DataPlaneMeters()
  const nothing = (): void => undefined
  const outlets = createOutlets({
    clients: { send: (output) => void sent.push(output) },
    partners: { dial: nothing, secure: nothing, sendFrame: nothing, closeStream: nothing, dropAll: nothing },
    clock,
    meters,
    recorder: { note: () => undefined },
    publisher: { notice: nothing },
    post: nothing,
  })
  const requestArrivedAt = instant(clock.now())
  clock.advance(waitedMs)
  outlets.sendDatagram({
    kind: 'send-datagram',
    listenerId: 'l',
    to: { address: '::1', port: 546 },
    bytes: new Uint8Array([MessageType.Reply, 0, 0, 1]),
    requestArrivedAt,
  })
  return { sent: sent.length, counters: meters.read() }
}

test('an answer of two seconds leaves, and is counted as sent', () => {
  const { sent, counters } = answerAfter(2000)
  expect(sent).toBe(1)
  expect(counters.sentByType).toEqual({ REPLY: 1 })
})

test('an older one is dropped, and counted as unanswered', () => {
  const { sent, counters } = answerAfter(2001)
  expect(sent).toBe(0)
  expect(counters).toMatchObject({ datagramsSent: 0, datagramsUnanswered: { 'answer-too-old': 1 } })
})
