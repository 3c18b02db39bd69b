/** alpha itself, in each situation. */
import type { Relationship, Server } from '@tandem/api-contract'
import { now, secondsAgo } from './times.ts'

export function serverWith(relationships: readonly Relationship[]): Server {
  const first = relationships[0]
  return {
    name: 'alpha',
    version: '0.1.0',
    duid: '00:04:5e:1f:06:9c:0b:1d:4b:b2:9a:41:5d:21:6c:7e:00:01',
    headline: first?.headline ?? { level: 'ok', sentence: 'OK — alpha serves all its subnets alone.' },
    clientsNow: first?.clientsNow ?? { answered: 'all', sentence: 'alpha answers every client.' },
    traffic: { windowSeconds: 60, answered: '1248', unanswered: first?.communicationsOk === false ? '31' : '2' },
    startedAt: secondsAgo(5412),
    uptimeSeconds: 5412,
    now: now(),
    commitNumber: '48213',
    publishedAt: now(),
    stale: false,
    epoch: 'mock',
    warnings: [],
    consoleCertificate: {
      fingerprint: Array.from({ length: 32 }, (_, index) =>
        ((index * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
      ).join(':'),
      names: ['alpha', 'alpha.example.com'],
      endsAt: secondsAgo(-400 * 86_400),
      selfMade: true,
    },
    listeners: [{ purpose: 'clients', at: '[::1]:5471', detail: 'unicast, replies to the source port', problem: null }],
    counters: {
      datagramsReceived: '91233',
      datagramsSent: '91002',
      datagramsUnanswered: { 'names the partner': '31' },
      receivedByType: { SOLICIT: '2201' },
      sentByType: { REPLY: '88123' },
      framesReceived: '12001',
      framesSent: '12044',
      framesMalformed: '0',
      commits: '48213',
      commitLatencyMsMedian: 1.4,
      commitLatencyMsMax: 21,
    },
    configuration: { revision: 1, sha256: 'f'.repeat(64), file: 'alpha.yaml' },
    relationships: relationships.map(({ name }) => name),
  }
}
