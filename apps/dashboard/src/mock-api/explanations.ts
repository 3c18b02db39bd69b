/** What explains: the history of a lease, and decisions of each kind. */
import type { Decision, DecisionQuery, Lease, LeaseChange } from '@tandem/api-contract'
import { secondsAgo } from './times.ts'
import type { MockWorld } from './world.ts'

export function changesOf(lease: Lease | undefined): readonly LeaseChange[] {
  if (lease === undefined || lease.client === null) return []
  const clientDuid = lease.client.duid
  const change = (
    id: number,
    at: string,
    from: LeaseChange['from'],
    to: LeaseChange['to'],
    cause: LeaseChange['cause'],
  ): LeaseChange => ({
    id: String(id),
    at,
    from,
    to,
    cause,
    clientDuid,
    expiresAt: to === 'active' ? lease.stateExpiresAt : null,
    commitNumber: String(4000 + id),
  })
  const earlier = [
    change(3, secondsAgo(5400), 'expired', 'free', 'acknowledged'),
    change(2, secondsAgo(5402), 'active', 'expired', 'expiry'),
    change(1, secondsAgo(9000), null, 'active', 'client'),
  ]
  return lease.state === 'active' ? [change(4, lease.stateSince, 'free', 'active', 'client'), ...earlier] : earlier
}

const nothing = { relationship: null, subnetId: null, lease: null, clientDuid: null, messageType: null }

function decisions(): readonly Decision[] {
  return [
    {
      ...nothing,
      id: '3',
      kind: 'update-rejected',
      firstAt: secondsAgo(42),
      at: secondsAgo(42),
      count: '1',
      relationship: 'demo',
      lease: '2001:db8:1::1007',
      messageType: 'BNDUPD',
      reason: 'by-us-status-18',
      detail: 'a later transaction of the client is known here',
      rule: 'RFC 8156 7.5.4',
      inputs: {
        ownStatus: 'ACTIVE',
        toldStatus: 'EXPIRED',
        ownClientTime: secondsAgo(44),
        toldClientTime: secondsAgo(300),
      },
      commitNumber: '4711',
    },
    {
      ...nothing,
      id: '2',
      kind: 'allocation-failed',
      firstAt: secondsAgo(130),
      at: secondsAgo(71),
      count: '37',
      subnetId: 'labs',
      clientDuid: '00:03:00:01:02:5e:10:00:00:2a',
      reason: 'no-prefix',
      detail: 'every prefix that this server may use is leased',
      rule: 'RFC 8156 4.2.2.2',
      inputs: { ownFree: 0, partnerFree: 12 },
      commitNumber: '4690',
    },
    {
      ...nothing,
      id: '1',
      kind: 'no-answer',
      firstAt: secondsAgo(240),
      at: secondsAgo(181),
      count: '1204',
      relationship: 'demo',
      clientDuid: '00:03:00:01:02:5e:10:00:00:07',
      messageType: 'SOLICIT',
      reason: 'failover-state',
      detail: 'in NORMAL the primary answers new clients',
      rule: 'RFC 8156 8.8.1',
      inputs: { state: 'NORMAL', role: 'secondary' },
      commitNumber: '4600',
    },
  ]
}

export function decisionsIn(world: MockWorld, { kind, lease, relationship }: DecisionQuery): readonly Decision[] {
  if (world.scenario === 'empty') return []
  return decisions().filter(
    (each) =>
      (kind === undefined || each.kind === kind) &&
      (lease === undefined || each.lease === lease) &&
      (relationship === undefined || each.relationship === relationship),
  )
}
