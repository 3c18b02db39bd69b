/**
 * What an operator commands of one lease: a quarantined one returns to use (RFC 8156 section 7.2, transition 10) or one in use
 * ends (decision 0115), both by becoming RESET; or the partner is told of it once more (decision 0128).
 */
import { hasBug } from '../deliberate-bug.ts'
import type { Binding } from '../bindings/binding.ts'
import type { BindingTable } from '../bindings/binding-table.ts'
import { leaseText } from '../bindings/lease-text.ts'
import type { CommandResult } from '../effects.ts'
import type { LeaseCommand } from '../events.ts'
import type { Step } from '../step.ts'
import type { Instant } from '../time/instant.ts'
import type { Endpoints } from './endpoints.ts'
import { onReleaseLease, onResendLease, onResetLease } from './transitions/lease-commands.ts'
import { SAME_TIME_SECONDS } from './updates/wire-time.ts'

/** Such a client is not gone; and times within five seconds count as the same, so that its partner would keep the lease (0021). */
const JUST_HEARD_SECONDS = SAME_TIME_SECONDS + 1

export interface LeaseCommandParts {
  readonly endpoints: Endpoints
  readonly table: BindingTable
}

/** In which the two commands that end a lease differ. */
const acts = {
  'reset-lease': {
    from: 'ABANDONED',
    refusal: 'lease-not-quarantined',
    onState: onResetLease,
    done: 'is reset',
    ended: (binding: Binding): Binding => (binding.owedToPartner ? binding : withoutPromises(binding)),
  },
  'release-lease': {
    from: 'ACTIVE',
    refusal: 'lease-not-active',
    onState: onReleaseLease,
    done: 'is released',
    ended: (binding: Binding): Binding => binding,
  },
} as const

export function commandLease(step: Step, command: LeaseCommand, parts: LeaseCommandParts): CommandResult {
  const { leaseKind: kind, prefix } = command
  const binding = parts.table.find(kind, prefix)
  if (binding === undefined) {
    return refuse('unknown-lease', `There is no record of a lease ${leaseText({ kind, prefix })}.`)
  }
  return command.kind === 'resend-lease'
    ? resendLease(step, binding, parts)
    : endLease(step, command.kind, binding, parts)
}

function resendLease(step: Step, binding: Binding, { endpoints }: LeaseCommandParts): CommandResult {
  const lease = leaseText(binding)
  const { relationship } = binding
  if (relationship === undefined) return refuse('lease-not-shared', `${lease} belongs to no relationship.`)
  const endpoint = endpoints.get(relationship)
  if (endpoint === undefined) return refuse('unknown-relationship', `${relationship} is not configured any more.`)
  const state = endpoint.state()
  const rule = onResendLease[state]
  if (!rule.allowed) {
    return { ok: false, refusal: 'state-does-not-allow', detail: rule.because, currentState: state }
  }
  if (binding.owedToPartner) return { ok: true, detail: `${lease} is still to be told to the partner anyway.` }
  if (!endpoint.updates.tellAgain(step, binding)) {
    return refuse('lease-not-shared', `${lease} has no client, and no partner is told of such an address.`)
  }
  return { ok: true, detail: `${lease} is told to the partner again. ${rule.follows}` }
}

function endLease(
  step: Step,
  kind: keyof typeof acts,
  binding: Binding,
  { endpoints }: LeaseCommandParts,
): CommandResult {
  const act = acts[kind]
  const lease = leaseText(binding)
  if (binding.status === 'RESET') return { ok: true, detail: `${lease} is reset already.` }
  if (binding.status !== act.from) return refuse(act.refusal, `${lease} is ${binding.status} and not ${act.from}.`)
  // By a partner whose clock is ahead it may have been heard later than now.
  const heardSeconds = Math.max(0, step.now - lastHeard(binding)) / 1000
  if (kind === 'release-lease' && heardSeconds <= JUST_HEARD_SECONDS) {
    return refuse('client-just-heard', `The client of ${lease} was heard ${Math.round(heardSeconds)} s ago.`)
  }
  if (binding.relationship === undefined) {
    step.changeBinding({ ...withoutPromises(reset(binding, step.now)), status: 'FREE' }, 'operator')
    return { ok: true, detail: `${lease} is free.` }
  }
  const state = endpoints.get(binding.relationship)?.state()
  if (state === undefined) return refuse('unknown-relationship', `${binding.relationship} is not configured any more.`)
  const rule = act.onState[state]
  if (!rule.allowed) {
    return { ok: false, refusal: 'state-does-not-allow', detail: rule.because, currentState: state }
  }
  step.changeBinding(reset(act.ended(binding), step.now), hasBug('reset-not-told') ? 'partner' : 'operator')
  return { ok: true, detail: `${lease} ${act.done}. ${rule.follows}` }
}

function lastHeard({ clientHeardAt, partnerHeardClientAt }: Binding): number {
  return Math.max(clientHeardAt ?? 0, partnerHeardClientAt ?? 0)
}

/** As after any end: available once the partner has acknowledged it, or alone MCLT later. */
function reset(binding: Binding, now: Instant): Binding {
  return { ...binding, status: 'RESET', statusSince: now, statusExpiresAt: undefined, updateSent: false }
}

/** A partner that knows of the quarantine extends the lease for nobody: what was promised before it binds no longer. */
function withoutPromises(binding: Binding): Binding {
  return { ...binding, expirationTime: undefined, ackedPartnerLifetime: undefined, partnerLifetime: undefined }
}

function refuse(
  refusal:
    | 'unknown-lease'
    | 'lease-not-quarantined'
    | 'lease-not-active'
    | 'lease-not-shared'
    | 'client-just-heard'
    | 'unknown-relationship',
  detail: string,
): CommandResult {
  return { ok: false, refusal, detail, currentState: undefined }
}
