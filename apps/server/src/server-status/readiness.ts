/** Whether clients can count on this server, for supervisors: one sentence if they cannot. */
import type { PublishedView } from '../engine/engine-service.ts'
import { isStale } from './server.view.ts'

/**
 * Undefined: ready. A standby that leaves clients to its partner in contact is; so is a server of which one relationship of
 * several serves.
 */
export function whyNotReady(view: PublishedView, nowMs: number): string | undefined {
  const { blindSince, relationships } = view.snapshot
  if (isStale(view, nowMs)) return 'its data plane is stalled'
  if (blindSince !== undefined) return 'it hears no client on any of its listeners'
  const waiting = relationships.filter(({ answers }) => answers === 'nobody')
  if (relationships.length === 0 || waiting.length < relationships.length) return undefined
  return waiting.map(({ name, state }) => `${name} is in ${state}`).join(', ')
}
