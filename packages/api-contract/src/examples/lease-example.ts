/** A lease, and one in quarantine, as examples of what the API answers. */
import type { LeaseComparisons } from '../resources/lease-comparison.ts'
import type { LeaseEvent } from '../resources/lease-events.ts'
import type { Lease, LeaseChange, PartnerLease } from '../resources/leases.ts'

export const leaseExample: Lease = {
  lease: '2001:db8:1::1f3',
  key: '2001:db8:1::1f3',
  kind: 'address',
  subnetId: 'offices',
  relationship: 'alpha-beta',
  state: 'active',
  stateSince: '2026-11-27T01:10:44.905Z',
  stateExpiresAt: '2026-11-27T03:10:44.905Z',
  client: { duid: '00:03:00:01:02:5e:10:00:01:f3', iaType: 'IA_NA', iaid: 1 },
  t1Seconds: 1800,
  t2Seconds: 2880,
  preferredSeconds: 3600,
  validSeconds: 7200,
  lifetime: {
    grantedBy: 'this-server',
    at: '2026-11-27T01:10:44.905Z',
    validSeconds: 7200,
    sentence: '2 h, as configured: the partner had acknowledged enough for that.',
    desiredSeconds: 7200,
    limitedBy: 'configuration',
    mcltSeconds: 3600,
    ackedPartnerLifetime: '2026-11-27T03:40:44.000Z',
    remainingSeconds: 8999,
    state: 'normal',
    rule: 'RFC 8156 4.4',
  },
  clientHeardAt: '2026-11-27T01:10:44.905Z',
  partnerHeardClientAt: null,
  expirationTime: null,
  ackedPartnerLifetime: '2026-11-27T03:40:44.000Z',
  partnerLifetime: '2026-11-27T03:40:44.000Z',
  owedToPartner: false,
  clientHostName: 'desk-17.example.org',
  relays: [
    {
      address: '2001:db8:ffff::2',
      linkAddress: '2001:db8:1::1',
      interfaceId: 'port-1/7',
      remoteId: null,
      remoteIdEnterprise: null,
      subscriberId: null,
    },
  ],
  relayData:
    '20010db8ffff000000000000000000020c0020010db8000100000000000000000001' +
    'fe80000000000000000000000000000c00120008706f72742d312f37',
  version: 'Jc4yGx1pZ8Qm0rWb6kV2tA',
}

export const partnerLeaseExample: PartnerLease = {
  serverName: 'alpha',
  outcome: 'told',
  problem: null,
  asOf: '2026-11-27T01:12:03.201Z',
  record: {
    state: 'active',
    stateSince: '2026-11-27T01:10:44.905Z',
    stateExpiresAt: '2026-11-27T03:40:44.000Z',
    client: { duid: '00:03:00:01:02:5e:10:00:01:f3', iaType: 'IA_NA', iaid: 1 },
    preferredSeconds: 0,
    validSeconds: 0,
    clientHeardAt: null,
    expirationTime: '2026-11-27T03:40:44.000Z',
    ackedPartnerLifetime: null,
    partnerLifetime: null,
    owedToPartner: false,
  },
}

export const quarantinedLeaseExample: Lease = {
  ...leaseExample,
  lease: '2001:db8:1::1f5',
  key: '2001:db8:1::1f5',
  state: 'abandoned',
  stateSince: '2026-11-26T14:02:10.000Z',
  stateExpiresAt: null,
  lifetime: null,
  clientHostName: null,
  version: 'u8Zr1bQm0rWb6kV2tAJc4y',
}

export const resetLeaseExample: Lease = {
  ...quarantinedLeaseExample,
  state: 'reset',
  stateSince: '2026-11-27T03:01:05.400Z',
  owedToPartner: true,
  version: 'm0rWb6kV2tAJc4yu8Zr1bQ',
}

export const releasedLeaseExample: Lease = {
  ...leaseExample,
  state: 'reset',
  stateSince: '2026-11-27T03:04:11.010Z',
  stateExpiresAt: null,
  owedToPartner: true,
  version: 'V2tAJc4yu8Zr1bQm0rWb6k',
}

export const leaseChangeExample: LeaseChange = {
  id: '77120',
  at: '2026-11-27T01:10:44.905Z',
  from: 'free',
  to: 'active',
  cause: 'client',
  clientDuid: '00:03:00:01:02:5e:10:00:01:f3',
  expiresAt: '2026-11-27T03:10:44.905Z',
  commitNumber: '9068810',
}

export const leaseComparisonsExample: LeaseComparisons = {
  items: [
    { key: leaseExample.key, relationship: 'alpha-beta', outcome: 'agrees', owedBy: null },
    { key: quarantinedLeaseExample.key, relationship: 'alpha-beta', outcome: 'differs', owedBy: null },
  ],
  partners: [{ relationship: 'alpha-beta', serverName: 'alpha', asOf: '2026-11-27T01:12:03.201Z', problem: null }],
}

export const leaseEventExample: LeaseEvent = {
  id: '1f0c22ab-9068810-0',
  at: '2026-11-27T01:10:44.905Z',
  event: 'assigned',
  reason: 'client',
  kind: 'prefix',
  lease: '2001:db8:8000:100::/56',
  subnetId: 'homes',
  relationship: 'alpha-beta',
  client: { duid: '00:03:00:01:02:5e:10:00:01:f3', iaType: 'IA_PD', iaid: 1 },
  validUntil: '2026-11-27T03:10:44.905Z',
  clientHeardAt: '2026-11-27T01:10:44.905Z',
  nextHop: 'fe80::c',
  relays: leaseExample.relays,
  server: 'alpha',
  commitNumber: '9068810',
}
