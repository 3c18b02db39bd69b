/** Whose messages they are, and what is counted of them. */
import { encodeStreamMessage, MessageType, option, relationshipNameOption, dhcpTimeFromNumber } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { PartnerMessageCounts } from './partner-message-counts.ts'

const received = (type: number): Uint8Array => new Uint8Array([type, 0, 0, 1])
const sent = (type: number): Uint8Array => new Uint8Array([0, 4, type, 0, 0, 1])

test('messages are counted by direction and type, over all connections of a relationship', () => {
  const counts = new PartnerMessageCounts()
  counts.opened(1, ['main'])
  counts.received(1, received(MessageType.State))
  counts.sent(1, sent(MessageType.Bndupd))
  counts.sent(1, sent(MessageType.Bndupd))
  counts.ended(1)
  counts.opened(2, ['main'])
  counts.received(2, received(MessageType.Bndreply))
  counts.received(2, received(200))
  expect(counts.read()).toEqual([
    { relationship: 'main', direction: 'received', type: 'STATE', count: 1 },
    { relationship: 'main', direction: 'received', type: 'BNDREPLY', count: 1 },
    { relationship: 'main', direction: 'received', type: 'message type 200', count: 1 },
    { relationship: 'main', direction: 'sent', type: 'BNDUPD', count: 2 },
  ])
})

test('where one partner has several relationships, CONNECT says whose the messages before it were too', () => {
  const counts = new PartnerMessageCounts()
  counts.opened(1, ['main', 'guests'])
  counts.received(1, received(MessageType.StartTls))
  counts.sent(1, sent(MessageType.Reply))
  expect(counts.read()).toEqual([])
  counts.received(1, connectFor('guests'))
  counts.sent(1, sent(MessageType.Connectreply))
  const rows = counts.read()
  expect(new Set(rows.map(({ relationship }) => relationship))).toEqual(new Set(['guests']))
  expect(rows.map(({ direction, type }) => `${direction} ${type}`)).toEqual([
    'received STARTTLS',
    'received CONNECT',
    'sent REPLY',
    'sent CONNECTREPLY',
  ])
})

test('what is for nobody, unreadable or of no connection is counted nowhere', () => {
  const counts = new PartnerMessageCounts()
  counts.opened(1, ['main', 'guests'])
  counts.received(1, connectFor('others'))
  counts.received(1, received(MessageType.Connect))
  counts.received(1, new Uint8Array())
  counts.sent(9, sent(MessageType.State))
  counts.received(9, received(MessageType.State))
  expect(counts.read()).toEqual([])
})

function connectFor(relationship: string): Uint8Array {
  const frame = encodeStreamMessage({
    kind: 'failover',
    type: MessageType.Connect,
    transactionId: 1,
    sentTime: dhcpTimeFromNumber(0),
    options: [option(relationshipNameOption, relationship)],
  })
  return frame.subarray(2)
}
