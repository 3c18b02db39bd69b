/** Leases whose time has run out by this server's clock (RFC 8156 section 7.2, transition 8). */
import type { ServicePolicy } from '../failover/service-policy.ts'
import type { Step } from '../step.ts'
import { addMs } from '../time/instant.ts'
import type { Binding } from './binding.ts'
import type { BindingTable } from './binding-table.ts'

/** Bounds one step; what is left is due at once again and goes into the next. */
const EXPIRIES_PER_STEP_MAX = 256

/** A server that may answer nobody may not have heard of the renewals yet: it looks again so much later. */
const HELD_FOR_MS = 5_000

export function expireDue(step: Step, table: BindingTable, policy: ServicePolicy): void {
  for (const binding of table.takeDue(step.now, EXPIRIES_PER_STEP_MAX)) {
    const dueAt = policy.mayExpireAt(binding)
    if (policy.answers(binding.relationship) === 'nobody') table.postpone(binding, addMs(step.now, HELD_FOR_MS))
    else if (dueAt === undefined || dueAt > step.now || binding.status !== 'ACTIVE') table.reschedule(binding)
    else step.changeBinding(expired(binding, step), 'expiry')
  }
}

/** Without a partner nobody has to acknowledge: the lease is free at once. */
function expired(binding: Binding, step: Step): Binding {
  return {
    ...binding,
    status: binding.relationship === undefined ? 'FREE' : 'EXPIRED',
    statusSince: step.now,
    statusExpiresAt: undefined,
    updateSent: false,
  }
}
