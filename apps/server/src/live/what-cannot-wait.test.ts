/** Which changes of a snapshot are shown at once. */
import { expect, test } from 'vitest'
import { instant } from '@tandem/engine'
import type { EngineSnapshot, RelationshipSnapshot } from '@tandem/engine'
import { whatCannotWait } from './what-cannot-wait.ts'
import { noCommands } from '../http/test-support/no-commands.ts'

const relationship: RelationshipSnapshot = {
  name: 'main',
  role: 'primary',
  partnerName: 'beta',
  state: 'NORMAL',
  stateSince: instant(1000),
  previousState: 'RECOVER-DONE',
  answers: 'everyone',
  activeStandby: false,
  blind: undefined,
  partner: undefined,
  communicationsOk: true,
  lastHeardFromPartnerAt: instant(2000),
  connection: { phase: 'established', since: instant(1000), secured: true, lastProblem: undefined },
  partnerInformed: true,
  clockSkewMs: 1,
  unansweredClients: { count: 0, alarmAt: 5, alarm: false },
  mcltSeconds: 3600,
  updatesOwed: 4,
  oldestUpdateOwedSince: undefined,
  updatesUnacked: 2,
  partnerMaxUnackedUpdates: 100,
  resync: undefined,
  deadlines: [],
  imbalances: undefined,
  handedOver: undefined,
  commands: { ...noCommands, declarePartnerDown: { allowed: false, because: 'in contact' } },
}

const snapshot = (changed: Partial<RelationshipSnapshot> = {}): EngineSnapshot => ({
  takenAt: instant(3000),
  listenersDown: [],
  blindSince: undefined,
  relationships: [{ ...relationship, ...changed }],
  pools: [],
})

const before = whatCannotWait(snapshot())

test.each<Partial<RelationshipSnapshot>>([
  { updatesOwed: 5, updatesUnacked: 3 },
  { lastHeardFromPartnerAt: instant(9000), clockSkewMs: 4 },
  { unansweredClients: { count: 3, alarmAt: 5, alarm: false } },
  { deadlines: [] },
])('what moves with every client waits: %o', (changed) => {
  expect(whatCannotWait(snapshot(changed))).toBe(before)
})

test.each<Partial<RelationshipSnapshot>>([
  { state: 'COMMUNICATIONS-INTERRUPTED' },
  { communicationsOk: false },
  { connection: { ...relationship.connection, phase: 'waiting-to-dial' } },
  { connection: { ...relationship.connection, lastProblem: 'refused' } },
  { unansweredClients: { count: 5, alarmAt: 5, alarm: true } },
  { resync: { direction: 'receiving', done: 0, total: undefined } },
  { commands: { ...noCommands, declarePartnerDown: { allowed: true, needsForce: false, because: 'silent' } } },
  { blind: { since: instant(5), because: 'no carrier' } },
])('a change of state does not: %o', (changed) => {
  expect(whatCannotWait(snapshot(changed))).not.toBe(before)
})

test('a listener that is down, and all of them, are shown at once', () => {
  const down = { ...snapshot(), listenersDown: [{ listenerId: 'eth0', reason: 'gone', since: instant(4000) }] }
  expect(whatCannotWait(down)).not.toBe(before)
  expect(whatCannotWait({ ...snapshot(), blindSince: instant(4000) })).not.toBe(before)
})

test('a pool that is drained is shown at once, and its count is not', () => {
  const drained = (leasesLeft: number): EngineSnapshot => {
    const drain = { since: instant(9), operator: 'ann', reason: '', leasesLeft, reservedInUse: 0, lastEndAt: undefined }
    const counts = { total: 9n, leased: 1n, ownFree: 8n, partnerFree: 0n, quarantined: 0n, waiting: 0n, reserved: 0n }
    const of = { id: 'p', subnetId: 's', kind: 'address', relationship: undefined, delegatedLength: undefined } as const
    return { ...snapshot(), pools: [{ ...of, ...counts, drain }] }
  }
  expect(whatCannotWait(drained(2))).not.toBe(before)
  expect(whatCannotWait(drained(1))).toBe(whatCannotWait(drained(2)))
})
