/** Counting what the engine reports. */
import type { LeaseChanged } from '@tandem/engine'
import { expect, test } from 'vitest'
import { EventCounter } from './event-counts.ts'

const lease = (from: LeaseChanged['from'], to: LeaseChanged['to'], more: Partial<LeaseChanged> = {}): LeaseChanged => ({
  kind: 'lease-changed',
  leaseKind: 'address',
  lease: '2001:db8::1',
  subnetId: '2001:db8::/64',
  clientDuid: undefined,
  from,
  to,
  expiresAt: undefined,
  cause: 'client',
  ...more,
})

test('changes of leases are counted apart by subnet, kind, what became of them, and cause', () => {
  const counter = new EventCounter()
  counter.noticed(lease(undefined, 'ACTIVE'))
  counter.noticed(lease('FREE', 'ACTIVE'))
  counter.noticed(lease('ACTIVE', 'ACTIVE'))
  counter.noticed(lease('ACTIVE', 'RELEASED'))
  counter.noticed(lease('ACTIVE', 'EXPIRED', { cause: 'expiry' }))
  counter.noticed(lease('RELEASED', 'FREE', { cause: 'acknowledged' }))
  counter.noticed(lease('ACTIVE', 'ABANDONED', { subnetId: 'other', leaseKind: 'prefix' }))
  const inSubnet = { subnetId: '2001:db8::/64', kind: 'address' }
  expect(counter.read().leaseChanges).toEqual([
    { ...inSubnet, change: 'granted', cause: 'client', count: 2 },
    { ...inSubnet, change: 'renewed', cause: 'client', count: 1 },
    { ...inSubnet, change: 'released', cause: 'client', count: 1 },
    { ...inSubnet, change: 'expired', cause: 'expiry', count: 1 },
    { ...inSubnet, change: 'freed', cause: 'acknowledged', count: 1 },
    { subnetId: 'other', kind: 'prefix', change: 'declined', cause: 'client', count: 1 },
  ])
})

test('what goes wrong is counted by its reason', () => {
  const counter = new EventCounter()
  const failed = { leaseKind: 'prefix', subnetId: 's', clientDuid: '00', rule: 'r', inputs: {} } as const
  counter.noticed({ kind: 'allocation-failed', reason: 'no-free-prefix', ...failed })
  counter.noticed({ kind: 'allocation-failed', reason: 'no-free-prefix', ...failed })
  const rejected = { relationship: 'main', lease: 'x', detail: '', rule: '', inputs: {} } as const
  counter.noticed({ kind: 'update-rejected', by: 'partner', statusCode: 16, ...rejected })
  const moved = { relationship: 'main', cause: '', rule: '', alarm: false } as const
  counter.noticed({ kind: 'failover-state-changed', from: 'STARTUP', to: 'NORMAL', ...moved })
  counter.noticed({ kind: 'connection-changed', relationship: undefined, change: 'rejected-peer', detail: '' })
  counter.noticed({ kind: 'datagram-answered', requestType: 'SOLICIT', answerType: 'ADVERTISE' })
  expect(counter.read()).toEqual({
    leaseChanges: [],
    allocationFailures: [{ subnetId: 's', kind: 'prefix', reason: 'no-free-prefix', count: 2 }],
    updateRejections: [{ relationship: 'main', by: 'partner', statusCode: 16, count: 1 }],
    stateChanges: [{ relationship: 'main', from: 'STARTUP', to: 'NORMAL', count: 1 }],
    connectionChanges: [{ relationship: '', change: 'rejected-peer', count: 1 }],
  })
})
