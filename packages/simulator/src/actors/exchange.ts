/** The exchanges of a client, and how often and how fast each is repeated (RFC 9915 sections 7.6 and 18.2). */
import { MessageType } from '@tandem/protocol'
import type { PlacedLease } from './client-message.ts'

/** `check`: a REBIND by which a client with prefixes finds out whether its leases fit the link (section 18.2.12). */
export type Doing = 'solicit' | 'request' | 'renew' | 'rebind' | 'release' | 'decline' | 'confirm' | 'check' | 'inform'

export interface Exchange {
  readonly doing: Doing
  readonly transactionId: number
  readonly startedAt: number
  readonly sentCount: number
  readonly timeoutMs: number
  readonly dueAt: number
  readonly asked: readonly PlacedLease[]
}

export interface Retransmission {
  readonly type: number
  readonly initialMs: number
  readonly maxMs: number
  readonly countMax: number
  readonly namesServer: boolean
}

/** RFC 9915 section 7.6, with SOL_MAX_RT and INF_MAX_RT cut so that a story does not last hours; CNF_MAX_RD is a count here. */
export const retransmissions: Readonly<Record<Doing, Retransmission>> = {
  solicit: { type: MessageType.Solicit, initialMs: 1000, maxMs: 30_000, countMax: Infinity, namesServer: false },
  request: { type: MessageType.Request, initialMs: 1000, maxMs: 30_000, countMax: 10, namesServer: true },
  renew: { type: MessageType.Renew, initialMs: 10_000, maxMs: 600_000, countMax: Infinity, namesServer: true },
  rebind: { type: MessageType.Rebind, initialMs: 10_000, maxMs: 600_000, countMax: Infinity, namesServer: false },
  release: { type: MessageType.Release, initialMs: 1000, maxMs: 8000, countMax: 4, namesServer: true },
  decline: { type: MessageType.Decline, initialMs: 1000, maxMs: 8000, countMax: 4, namesServer: true },
  confirm: { type: MessageType.Confirm, initialMs: 1000, maxMs: 4000, countMax: 4, namesServer: false },
  check: { type: MessageType.Rebind, initialMs: 1000, maxMs: 4000, countMax: 4, namesServer: false },
  inform: { type: MessageType.InformationRequest, initialMs: 1000, maxMs: 30_000, countMax: 4, namesServer: false },
}

export function nextTimeoutMs({ doing, timeoutMs }: Exchange, fraction: number): number {
  const { initialMs, maxMs } = retransmissions[doing]
  const next = timeoutMs === 0 ? initialMs : Math.min(timeoutMs * 2, maxMs)
  return Math.round(next * (0.9 + fraction * 0.2))
}
