/** For tests of the private channel: a log that is kept, and a server that always says the same. */
import { routeExamples } from '@tandem/api-contract'
import type { Log, LogFields, LogLevel } from '../../observability/log.ts'
import { hashedLeases } from '../lease-hashes.ts'
import { tellStretch } from '../lease-stretch.ts'
import type { ChannelSource, ChannelStatus } from '../channel-contract.ts'

export interface KeptLine {
  readonly level: LogLevel
  readonly id: string
  readonly message: string
  readonly fields: LogFields
}

export class LogLines implements Log {
  readonly lines: KeptLine[] = []

  write(level: LogLevel, id: string, message: string, fields: LogFields = {}): void {
    this.lines.push({ level, id, message, fields })
  }
}

export const lineIds = ({ lines }: LogLines): readonly string[] => lines.map(({ id }) => id)

const shown = routeExamples.getRelationship.answer
const timeline = routeExamples.getTimeline.answer

/** What a server of this name says of a relationship, in NORMAL. */
export function statusOf(name: string, of = 'pair'): ChannelStatus {
  const { partnerView: _partners, transitions: _history, ...relationship } = shown
  return {
    server: {
      name,
      version: '1.2.3',
      now: new Date().toISOString(),
      startedAt: '2026-11-27T01:00:00.000Z',
      stale: false,
    },
    relationship: { ...relationship, name: of, serverName: name, state: 'normal' },
  }
}

export function sourceOf(name: string): ChannelSource {
  return {
    status: (relationship) => statusOf(name, relationship),
    checks: async () => routeExamples.listChecks.answer.items,
    timeline: async () => ({ stateBefore: 'normal', completeFrom: null, items: timeline.items }),
    pools: () => ({ items: [], commitNumber: '1', publishedAt: '2026-11-27T01:00:00.000Z', nextFrom: null }),
    settings: () => ({ items: [], nextFrom: null }),
    signInCode: async () => undefined,
    accounts: async () => ({ digest: 'none' }),
    leaseHashes: async (_relationship, keys) =>
      hashedLeases(keys.includes('2001:db8::-56') ? [{ ...routeExamples.getLease.answer, key: '2001:db8::-56' }] : []),
    leaseStretch: async (_relationship, { digest }) => tellStretch([], null, digest),
    lease: async (_relationship, lease) =>
      lease === '2001:db8::/56' ? { ...routeExamples.getLease.answer, lease } : undefined,
  }
}
