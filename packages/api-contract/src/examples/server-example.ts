/** A server of a pair, as an example of what the API answers. */
import type { Server, TrafficPoint } from '../resources/server.ts'

export const serverExample: Server = {
  name: 'beta',
  version: '0.1.0',
  duid: '00:02:00:00:c5:b1:7d:5e:1f:2a',
  headline: { level: 'degraded', sentence: 'Degraded — beta serves without alpha. It was last heard 18 min ago.' },
  clientsNow: { answered: 'all', sentence: 'Clients of both servers get answers from beta.' },
  traffic: { windowSeconds: 60, answered: '4120', unanswered: '0' },
  startedAt: '2026-11-20T08:00:00.000Z',
  uptimeSeconds: 586_860,
  now: '2026-11-27T03:01:00.000Z',
  commitNumber: '9071223',
  publishedAt: '2026-11-27T03:00:59.870Z',
  stale: false,
  epoch: '5b0f4c0e-3f55-4b4e-9a53-6d1e9f0a7c11',
  consoleCertificate: {
    fingerprint: '3A:1F:5C:90:7B:22:E4:D8:61:0C:AF:93:48:BD:57:06:E1:7A:2C:F5:39:84:DB:10:6E:C2:95:4F:B8:03:7D:A6',
    names: ['beta', 'beta.example.com'],
    endsAt: '2029-02-28T00:00:00.000Z',
    selfMade: true,
  },
  warnings: [],
  listeners: [
    { purpose: 'clients', at: 'eth0', detail: 'multicast on this link', problem: null },
    { purpose: 'partner', at: '2001:db8:ff::2 port 647', detail: 'failover for alpha', problem: null },
    { purpose: 'console', at: '2001:db8:ff::2 port 8067', detail: 'this console', problem: null },
  ],
  counters: {
    datagramsReceived: '18204117',
    datagramsSent: '18200031',
    datagramsUnanswered: { 'failover-state': '4086' },
    receivedByType: { SOLICIT: '1204003', RENEW: '16990114' },
    sentByType: { ADVERTISE: '1201917', REPLY: '16998114' },
    framesReceived: '9402118',
    framesSent: '9402120',
    framesMalformed: '0',
    commits: '9071223',
    commitLatencyMsMedian: 1.4,
    commitLatencyMsMax: 31,
  },
  configuration: {
    revision: 12,
    sha256: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    file: '/etc/tandem/beta.yaml',
  },
  relationships: ['alpha-beta'],
}

export const trafficPointExample: TrafficPoint = {
  at: '2026-11-27T03:00:00.000Z',
  coveredSeconds: 300,
  requests: '20611',
  replies: '20604',
  unanswered: '0',
}
