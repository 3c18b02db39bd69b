/** What the live events show. Each capability has its own view; app.module.ts hands them over. */
import type { AuditEntry, Lease, PoolList, Relationship, Server, Transition } from '@tandem/api-contract'

export const LIVE_VIEWS = Symbol('live views')

export interface LiveViews {
  relationships(): Promise<readonly Relationship[]>
  server(): Promise<Server>
  pools(): PoolList
  /** By its text, `2001:db8::1` or `2001:db8::/56`. */
  lease(text: string): Promise<Lease | undefined>
  /** Those newer than what it has shown before, oldest first; none: it has shown all. */
  newTransitions(): Promise<readonly Transition[]>
  /** Entries newer than those that it has shown before. */
  newAudit(): Promise<readonly AuditEntry[]>
}
