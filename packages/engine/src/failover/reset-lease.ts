/** ABANDONED -> RESET: a quarantined lease returns to use by an operator's word (RFC 8156 section 7.2, transition 10). */
import { hasBug } from '../deliberate-bug.ts'
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import { leaseText } from '../bindings/lease-text.ts'
import type { CommandResult } from '../effects.ts'
import type { ResetLease } from '../events.ts'
import type { Step } from '../step.ts'
import type { Instant } from '../time/instant.ts'
import type { Endpoints } from './endpoints.ts'
import { onResetLease } from './transitions/lease-commands.ts'

export interface ResetParts {
  readonly endpoints: Endpoints
  readonly table: BindingTable
}

export function resetLease(step: Step, command: ResetLease, { endpoints, table }: ResetParts): CommandResult {
  const binding = table.find(command.leaseKind, command.prefix)
  if (binding === undefined) {
    const lease = leaseText({ kind: command.leaseKind, prefix: command.prefix })
    return refuse('unknown-lease', `There is no record of a lease ${lease}.`)
  }
  const lease = leaseText(binding)
  if (binding.status === 'RESET') return { ok: true, detail: `${lease} is reset already.` }
  if (binding.status !== 'ABANDONED') {
    return refuse('lease-not-quarantined', `${lease} is ${binding.status} and not ABANDONED.`)
  }
  if (binding.relationship === undefined) {
    step.changeBinding({ ...withoutPromises(reset(binding, step.now)), status: 'FREE' }, 'operator')
    return { ok: true, detail: `${lease} is free.` }
  }
  const state = endpoints.get(binding.relationship)?.state()
  if (state === undefined) return refuse('unknown-relationship', `${binding.relationship} is not configured any more.`)
  const rule = onResetLease[state]
  if (!rule.allowed) {
    return { ok: false, refusal: 'state-does-not-allow', detail: rule.because, currentState: state }
  }
  step.changeBinding(reset(binding, step.now), hasBug('reset-not-told') ? 'partner' : 'operator')
  return { ok: true, detail: `${lease} is reset. ${rule.follows}` }
}

/** As after any end: available once the partner has acknowledged it, or alone MCLT later. */
function reset(binding: Binding, now: Instant): Binding {
  return {
    ...(binding.owedToPartner ? binding : withoutPromises(binding)),
    status: 'RESET',
    statusSince: now,
    statusExpiresAt: undefined,
    updateSent: false,
  }
}

/** A partner that knows of the quarantine extends the lease for nobody: what was promised before it binds no longer. */
function withoutPromises(binding: Binding): Binding {
  return { ...binding, expirationTime: undefined, ackedPartnerLifetime: undefined, partnerLifetime: undefined }
}

function refuse(
  refusal: 'unknown-lease' | 'lease-not-quarantined' | 'unknown-relationship',
  detail: string,
): CommandResult {
  return { ok: false, refusal, detail, currentState: undefined }
}
