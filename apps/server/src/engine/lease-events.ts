/** What a step of the engine did for a client, or decided of its lease, as machines are told it (decision 0109). */
import {
  leaseText,
  type Binding,
  type Effects,
  type EngineEvent,
  type Instant,
  type LeaseChanged,
} from '@tandem/engine'
import type { LeaseEventRecord } from '../storage/lease-event-row.ts'

/** A step, and what of it machines are told once it is durable. */
export interface DecidedStep extends Effects {
  readonly leaseEvents: readonly LeaseEventRecord[]
}

const NONE: readonly LeaseEventRecord[] = []

export function withLeaseEvents(event: EngineEvent, step: Effects, now: Instant): DecidedStep {
  return { ...step, leaseEvents: leaseEventsOf(event, step, now) }
}

function leaseEventsOf(
  event: EngineEvent,
  { commit, afterCommit, notices }: Effects,
  now: Instant,
): readonly LeaseEventRecord[] {
  if (commit.length === 0) return NONE
  const changed = new Map<string, LeaseChanged>()
  for (const notice of notices) if (notice.kind === 'lease-changed') keepTelling(changed, notice)
  // What was left to the primary is answered in the step in which that is gone (decision 0088).
  const isAnswer = event.kind === 'datagram-received' || afterCommit.some(({ kind }) => kind === 'send-datagram')
  if (changed.size === 0 && !isAnswer) return NONE
  const told: LeaseEventRecord[] = []
  for (const change of commit) {
    if (change.kind !== 'binding-put') continue
    const { binding } = change
    const notice = changed.size === 0 ? undefined : changed.get(leaseText(binding))
    const what = notice === undefined ? renewal(binding, isAnswer && binding.clientHeardAt === now) : whatBecame(notice)
    if (what !== undefined) told.push({ ...what, atMs: now, binding })
  }
  return told
}

type What = Pick<LeaseEventRecord, 'event' | 'reason'>

/** A client that asks for what it has: only the times of the lease change. */
function renewal({ status }: Binding, isHeard: boolean): What | undefined {
  return isHeard && status === 'ACTIVE' ? { event: 'renewed', reason: 'client' } : undefined
}

function whatBecame({ from, to, cause }: LeaseChanged): What | undefined {
  const reason = reasonOf(to, cause)
  if (reason === undefined) return undefined
  if (to === 'ACTIVE') return { event: 'assigned', reason }
  return from === 'ACTIVE' ? { event: 'ended', reason } : undefined
}

/** Undefined: the partner did it, or nobody is concerned. */
function reasonOf(to: LeaseChanged['to'], cause: LeaseChanged['cause']): What['reason'] | undefined {
  if (cause === 'expiry') return 'expired'
  if (cause === 'operator') return 'operator'
  if (cause !== 'client') return undefined
  if (to === 'ACTIVE') return 'client'
  return to === 'ABANDONED' ? 'declined' : 'released'
}

/** Of a lease that changes twice in one step (it ends, and is free at once) the change that machines are told. */
function keepTelling(changed: Map<string, LeaseChanged>, notice: LeaseChanged): void {
  const before = changed.get(notice.lease)
  if (before === undefined || whatBecame(before) === undefined) changed.set(notice.lease, notice)
}
