/** In which endpoint state an operator may bring a quarantined lease back, end one or have it told again, and what follows (RFC 8156 section 7.2, decisions 0073, 0115 and 0128). */
import type { EndpointState } from '../endpoint-record.ts'

type Rule = { readonly allowed: true; readonly follows: string } | { readonly allowed: false; readonly because: string }

const told: Rule = { allowed: true, follows: 'It is free as soon as the partner has acknowledged that.' }
const refused = (because: string): Rule => ({ allowed: false, because })
const recovering = refused(
  'This server is recovering, and what its partner tells of the lease would undo the command. Wait until it serves again.',
)

export const onResetLease: Readonly<Record<EndpointState, Rule>> = {
  NORMAL: told,
  'CONFLICT-DONE': told,
  'COMMUNICATIONS-INTERRUPTED': {
    allowed: true,
    follows: 'It is free once the partner is back and has acknowledged that.',
  },
  'RESOLUTION-INTERRUPTED': {
    allowed: true,
    follows: 'It is free once the partner is back and has acknowledged that.',
  },
  'PARTNER-DOWN': { allowed: true, follows: 'It is free when the maximum client lead time has passed.' },
  STARTUP: refused('This server is starting. Wait until the start-up time is over.'),
  'POTENTIAL-CONFLICT': refused('Both servers are comparing their leases. Wait until that is done.'),
  RECOVER: recovering,
  'RECOVER-WAIT': recovering,
  'RECOVER-DONE': recovering,
}

/** What the partner may have promised the client meanwhile binds as after any other end. */
export const onReleaseLease: Readonly<Record<EndpointState, Rule>> = {
  ...onResetLease,
  'PARTNER-DOWN': {
    allowed: true,
    follows: 'It is free when the maximum client lead time and what the partner may have promised have passed.',
  },
}

const judged: Rule = {
  allowed: true,
  follows: 'It takes our record, or answers with its own if that is newer.',
}
const judgedLater: Rule = {
  allowed: true,
  follows:
    'That waits until both are in contact again; then it takes our record, or answers with its own if that is newer.',
}

export const onResendLease: Readonly<Record<EndpointState, Rule>> = {
  ...onResetLease,
  NORMAL: judged,
  'CONFLICT-DONE': judged,
  'COMMUNICATIONS-INTERRUPTED': judgedLater,
  'RESOLUTION-INTERRUPTED': judgedLater,
  'PARTNER-DOWN': judgedLater,
}
