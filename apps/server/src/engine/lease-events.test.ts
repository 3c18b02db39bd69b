/** Which steps of the engine are events for machines: what was done for a client here, and what ended by our decision. */
import { instant, leaseText, type Binding, type Effects, type EngineEvent, type LeaseChanged } from '@tandem/engine'
import { MessageType } from '@tandem/protocol'
import { expect, test } from 'vitest'
import { fullBinding } from '../storage/test-support/fixtures.ts'
import { withLeaseEvents } from './lease-events.ts'
import { datagram, sendDatagram } from './test-support/fake-data-plane.ts'

const now = instant(1_795_232_749_907)
const ofClient = datagram(1, now)
const ofClock: EngineEvent = { kind: 'deadline-reached' }
const ofStream: EngineEvent = { kind: 'stream-closed', connection: 1, reason: 'reset' }
const ofPartner: EngineEvent = { kind: 'frame-received', connection: 1, bytes: new Uint8Array(), arrivedAt: now }

function changed(
  binding: Binding,
  from: LeaseChanged['from'],
  cause: LeaseChanged['cause'],
  to = binding.status,
): LeaseChanged {
  const lease = leaseText(binding)
  const { subnetId } = binding
  const more = { clientDuid: undefined, expiresAt: undefined }
  return { kind: 'lease-changed', leaseKind: binding.kind, lease, subnetId, from, to, cause, ...more }
}

function step(binding: Binding, ...notices: readonly LeaseChanged[]): Effects {
  return { commit: [{ kind: 'binding-put', binding }], afterCommit: [], notices }
}

const told = (event: EngineEvent, effects: Effects) =>
  withLeaseEvents(event, effects, now).leaseEvents.map(({ event: name, reason }) => `${name} ${reason}`)

const active: Binding = { ...fullBinding(1), clientHeardAt: now }
const ended = (status: Binding['status']): Binding => ({ ...active, status, statusExpiresAt: undefined })

test.each([
  ['a client gets a lease', ofClient, step(active, changed(active, 'FREE', 'client')), ['assigned client']],
  ['a client renews', ofClient, step(active), ['renewed client']],
  [
    'it gives it back',
    ofClient,
    step(ended('RELEASED'), changed(ended('RELEASED'), 'ACTIVE', 'client')),
    ['ended released'],
  ],
  [
    'it declines it',
    ofClient,
    step(ended('ABANDONED'), changed(ended('ABANDONED'), 'ACTIVE', 'client')),
    ['ended declined'],
  ],
  [
    'its time is over',
    ofClock,
    step(ended('EXPIRED'), changed(ended('EXPIRED'), 'ACTIVE', 'expiry')),
    ['ended expired'],
  ],
  [
    'it is over and free in one step',
    ofClock,
    step(ended('FREE'), changed(active, 'ACTIVE', 'expiry', 'EXPIRED'), changed(ended('FREE'), 'EXPIRED', 'expiry')),
    ['ended expired'],
  ],
  [
    'what was left to the primary is answered when that is gone',
    ofStream,
    { ...step(active), afterCommit: [sendDatagram(1, MessageType.Reply)] },
    ['renewed client'],
  ],
  [
    'another lease of the same step has only been acknowledged',
    ofStream,
    { ...step({ ...active, clientHeardAt: instant(now - 1) }), afterCommit: [sendDatagram(1, MessageType.Reply)] },
    [],
  ],
  ['the partner gave it', ofPartner, step(active, changed(active, 'FREE', 'partner')), []],
  ['the partner tells its end', ofPartner, step(ended('EXPIRED'), changed(ended('EXPIRED'), 'ACTIVE', 'partner')), []],
  ['the partner acknowledges', ofPartner, step(active), []],
  ['an ended one becomes free', ofClock, step(ended('FREE'), changed(ended('FREE'), 'EXPIRED', 'expiry')), []],
  ['a quarantined one is reset', ofClock, step(ended('RESET'), changed(ended('RESET'), 'ABANDONED', 'operator')), []],
  ['nothing is written', ofClient, { commit: [], afterCommit: [], notices: [] }, []],
] as const)('%s', (_, event, effects, expected) => {
  expect(told(event, effects)).toEqual(expected)
})

test('an event has the moment of its step and the lease as the step left it', () => {
  expect(withLeaseEvents(ofClient, step(active), now).leaseEvents).toEqual([
    { event: 'renewed', reason: 'client', atMs: now, binding: active },
  ])
})
