/** What this endpoint does when the partner reports a state: own state by partner's state (RFC 8156 section 8, digest 10.14). */
import { hasBug } from '../../deliberate-bug.ts'
import type { Role } from '../../configuration/configuration.ts'
import type { TransitionRecord } from '../../effects.ts'
import type { EndpointState, PartnerRecord, RecordedState } from '../endpoint-record.ts'

/** The partner's STARTUP is a flag, not a state: a flagged STATE never asks the matrix (digest A18). */
export type PartnerState = RecordedState

export type Next =
  | { readonly kind: 'stay'; readonly rule: string }
  | { readonly kind: 'to'; readonly state: RecordedState; readonly rule: string }
  /** Stay, and ask for what the partner knows: UPDREQ, or UPDREQALL after a loss of storage. */
  | { readonly kind: 'request-updates'; readonly rule: string }
  /** To COMMUNICATIONS-INTERRUPTED, then whatever its row says. */
  | { readonly kind: 'via-communications-interrupted'; readonly rule: string }
  /** Leave STARTUP for the recorded state, then whatever that row says. */
  | { readonly kind: 'resume'; readonly rule: string }
  /** As `resume`, unless the partner went on alone after our last promise: then RECOVER. */
  | { readonly kind: 'resume-or-recover'; readonly rule: string }

/** A cell may differ by role. */
export type Cell = Next | Readonly<Record<Role, Next>>
export type Row = Readonly<Record<PartnerState, Cell>>

const to = (state: RecordedState, rule: string): Next => ({ kind: 'to', state, rule })
const stay = (rule: string): Next => ({ kind: 'stay', rule })
const requestUpdates = (rule: string): Next => ({ kind: 'request-updates', rule })
const viaInterrupted: Next = { kind: 'via-communications-interrupted', rule: 'RFC 8156 8.8.2' }
const resume: Next = { kind: 'resume', rule: 'RFC 8156 8.3.2' }
const resumeOrRecover: Next = { kind: 'resume-or-recover', rule: 'RFC 8156 8.3.2' }
const conflictOf = (rule: string): Next => to('POTENTIAL-CONFLICT', rule)

export const onPartnerState: Readonly<Record<EndpointState, Row>> = {
  STARTUP: {
    NORMAL: resume,
    'COMMUNICATIONS-INTERRUPTED': resume,
    'PARTNER-DOWN': resumeOrRecover,
    'POTENTIAL-CONFLICT': resume,
    'RESOLUTION-INTERRUPTED': resume,
    'CONFLICT-DONE': resume,
    RECOVER: resume,
    'RECOVER-WAIT': resume,
    'RECOVER-DONE': resume,
  },
  'PARTNER-DOWN': {
    NORMAL: conflictOf('RFC 8156 8.4.2'),
    'COMMUNICATIONS-INTERRUPTED': conflictOf('RFC 8156 8.4.2'),
    'PARTNER-DOWN': conflictOf('RFC 8156 8.4.2'),
    'POTENTIAL-CONFLICT': conflictOf('RFC 8156 8.4.2'),
    'RESOLUTION-INTERRUPTED': conflictOf('RFC 8156 8.4.2'),
    'CONFLICT-DONE': conflictOf('RFC 8156 8.4.2'),
    RECOVER: stay('RFC 8156 8.4.2'),
    'RECOVER-WAIT': stay('RFC 8156 8.4.2'),
    'RECOVER-DONE': to('NORMAL', 'RFC 8156 8.4.2'),
  },
  RECOVER: {
    NORMAL: requestUpdates('RFC 8156 8.5.2'),
    'COMMUNICATIONS-INTERRUPTED': requestUpdates('RFC 8156 8.5.2'),
    'PARTNER-DOWN': requestUpdates('RFC 8156 8.5.2'),
    'POTENTIAL-CONFLICT': conflictOf('RFC 8156 8.5.2'),
    'RESOLUTION-INTERRUPTED': conflictOf('RFC 8156 8.5.2'),
    'CONFLICT-DONE': conflictOf('RFC 8156 8.5.2'),
    RECOVER: requestUpdates('RFC 8156 8.5.2'),
    'RECOVER-WAIT': requestUpdates('RFC 8156 8.5.2'),
    'RECOVER-DONE': requestUpdates('RFC 8156 8.5.2'),
  },
  'RECOVER-WAIT': {
    NORMAL: stay('RFC 8156 8.6.2'),
    'COMMUNICATIONS-INTERRUPTED': stay('RFC 8156 8.6.2'),
    'PARTNER-DOWN': stay('RFC 8156 8.6.2'),
    'POTENTIAL-CONFLICT': stay('RFC 8156 8.6.2'),
    'RESOLUTION-INTERRUPTED': stay('RFC 8156 8.6.2'),
    'CONFLICT-DONE': stay('RFC 8156 8.6.2'),
    RECOVER: stay('RFC 8156 8.6.2'),
    'RECOVER-WAIT': stay('RFC 8156 8.6.2'),
    'RECOVER-DONE': stay('RFC 8156 8.6.2'),
  },
  'RECOVER-DONE': {
    NORMAL: to('NORMAL', 'RFC 8156 8.7.2'),
    'COMMUNICATIONS-INTERRUPTED': stay('RFC 8156 8.7.2'),
    'PARTNER-DOWN': stay('RFC 8156 8.7.2'),
    'POTENTIAL-CONFLICT': conflictOf('RFC 8156 8.7.2'),
    'RESOLUTION-INTERRUPTED': stay('RFC 8156 8.7.2'),
    'CONFLICT-DONE': stay('RFC 8156 8.7.2'),
    RECOVER: to('COMMUNICATIONS-INTERRUPTED', 'RFC 8156 8.7.2'),
    'RECOVER-WAIT': to('COMMUNICATIONS-INTERRUPTED', 'RFC 8156 8.7.2'),
    'RECOVER-DONE': to('NORMAL', 'RFC 8156 8.7.2'),
  },
  NORMAL: {
    NORMAL: stay('RFC 8156 8.8.2'),
    'COMMUNICATIONS-INTERRUPTED': viaInterrupted,
    'PARTNER-DOWN': viaInterrupted,
    'POTENTIAL-CONFLICT': viaInterrupted,
    'RESOLUTION-INTERRUPTED': viaInterrupted,
    // A secondary reaches NORMAL first, while its primary is still in CONFLICT-DONE.
    'CONFLICT-DONE': { primary: viaInterrupted, secondary: stay('RFC 8156 8.8.2') },
    RECOVER: viaInterrupted,
    'RECOVER-WAIT': viaInterrupted,
    'RECOVER-DONE': viaInterrupted,
  },
  'COMMUNICATIONS-INTERRUPTED': {
    NORMAL: to('NORMAL', 'RFC 8156 8.9.2'),
    'COMMUNICATIONS-INTERRUPTED': to('NORMAL', 'RFC 8156 8.9.2'),
    'PARTNER-DOWN': conflictOf('RFC 8156 8.9.2'),
    'POTENTIAL-CONFLICT': conflictOf('RFC 8156 8.9.2'),
    'RESOLUTION-INTERRUPTED': conflictOf('RFC 8156 8.9.2'),
    'CONFLICT-DONE': conflictOf('RFC 8156 8.9.2'),
    RECOVER: stay('RFC 8156 8.9.2'),
    'RECOVER-WAIT': stay('RFC 8156 figure 6'),
    'RECOVER-DONE': to('NORMAL', 'RFC 8156 8.9.2'),
  },
  'POTENTIAL-CONFLICT': {
    NORMAL: stay('RFC 8156 8.10.2'),
    'COMMUNICATIONS-INTERRUPTED': stay('RFC 8156 8.10.2'),
    'PARTNER-DOWN': stay('RFC 8156 8.10.2'),
    'POTENTIAL-CONFLICT': stay('RFC 8156 8.10.2'),
    'RESOLUTION-INTERRUPTED': stay('RFC 8156 8.10.2'),
    'CONFLICT-DONE': { primary: stay('RFC 8156 8.10.2'), secondary: requestUpdates('RFC 8156 8.10.2') },
    RECOVER: stay('RFC 8156 8.10.2'),
    'RECOVER-WAIT': stay('RFC 8156 8.10.2'),
    'RECOVER-DONE': stay('RFC 8156 8.10.2'),
  },
  'RESOLUTION-INTERRUPTED': {
    NORMAL: conflictOf('RFC 8156 8.11.2'),
    'COMMUNICATIONS-INTERRUPTED': conflictOf('RFC 8156 8.11.2'),
    'PARTNER-DOWN': conflictOf('RFC 8156 8.11.2'),
    'POTENTIAL-CONFLICT': conflictOf('RFC 8156 8.11.2'),
    'RESOLUTION-INTERRUPTED': conflictOf('RFC 8156 8.11.2'),
    'CONFLICT-DONE': conflictOf('RFC 8156 8.11.2'),
    RECOVER: conflictOf('RFC 8156 8.11.2'),
    'RECOVER-WAIT': conflictOf('RFC 8156 8.11.2'),
    'RECOVER-DONE': conflictOf('RFC 8156 8.11.2'),
  },
  'CONFLICT-DONE': {
    NORMAL: to('NORMAL', 'RFC 8156 8.12.2'),
    'COMMUNICATIONS-INTERRUPTED': stay('RFC 8156 8.12.2'),
    'PARTNER-DOWN': stay('RFC 8156 8.12.2'),
    'POTENTIAL-CONFLICT': stay('RFC 8156 8.12.2'),
    'RESOLUTION-INTERRUPTED': stay('RFC 8156 8.12.2'),
    'CONFLICT-DONE': stay('RFC 8156 8.12.2'),
    RECOVER: stay('RFC 8156 8.12.2'),
    'RECOVER-WAIT': stay('RFC 8156 8.12.2'),
    'RECOVER-DONE': stay('RFC 8156 8.12.2'),
  },
}

export function nextOnPartnerState(own: EndpointState, partner: PartnerState, role: Role): Next {
  if (own === 'PARTNER-DOWN' && hasBug('partner-down-ends-at-sight')) return to('NORMAL', 'RFC 8156 8.4.2')
  const cell = onPartnerState[own][partner]
  return 'kind' in cell ? cell : cell[role]
}

/** What of the partner a move by this matrix was decided from. */
export function matrixInputs(partner: PartnerRecord): TransitionRecord['inputs'] {
  return { partnerState: partner.state, partnerSince: partner.since, partnerStartup: partner.startup }
}
