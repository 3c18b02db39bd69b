/** What an operator may command in which state (RFC 8156 sections 8.8.2, 8.9.2, 8.11.2; digest A19). */
import type { CommandResult } from '../../effects.ts'
import type { DeclarePartnerDown } from '../../events.ts'
import type { CommandAllowance } from '../../snapshot.ts'
import type { EndpointState } from '../endpoint-record.ts'

type Rule = { readonly allowed: true; readonly rule: string } | { readonly allowed: false; readonly because: string }

const refused = (because: string): Rule => ({ allowed: false, because })

export const onDeclarePartnerDown: Readonly<Record<EndpointState, Rule>> = {
  NORMAL: { allowed: true, rule: 'RFC 8156 8.8.2' },
  'COMMUNICATIONS-INTERRUPTED': { allowed: true, rule: 'RFC 8156 8.9.2' },
  'RESOLUTION-INTERRUPTED': { allowed: true, rule: 'RFC 8156 8.11.2' },
  STARTUP: refused(
    'This server is starting and has not yet looked for its partner. Wait until the start-up time is over.',
  ),
  'PARTNER-DOWN': refused('The partner is already declared down.'),
  'POTENTIAL-CONFLICT': refused(
    'Both servers are comparing what they granted. If the partner fails now, contact is lost and the command becomes possible.',
  ),
  RECOVER: refused('This server is fetching leases from its partner and cannot serve alone before that is done.'),
  'RECOVER-WAIT': refused('Leases that this server may have granted before it failed have to run out first.'),
  'RECOVER-DONE': refused('This server has recovered and waits for its partner to return to NORMAL.'),
  'CONFLICT-DONE': refused('The partner is still fetching what this server granted; this server serves meanwhile.'),
}

export interface CommandSituation {
  readonly state: EndpointState
  readonly communicationsOk: boolean
  /** This server hears no client and has left the partner by itself. */
  readonly isBlind: boolean
}

export type CommandVerdict =
  | { readonly kind: 'go'; readonly rule: string }
  | { readonly kind: 'nothing-to-do'; readonly detail: string }
  | { readonly kind: 'refuse'; readonly result: Extract<CommandResult, { readonly ok: false }> }

export function judgeDeclarePartnerDown(command: DeclarePartnerDown, situation: CommandSituation): CommandVerdict {
  const { state } = situation
  // Who saw PARTNER-DOWN, or commanded it from the state before, wants what already is.
  if (state === 'PARTNER-DOWN') return { kind: 'nothing-to-do', detail: 'The partner is already declared down.' }
  if (command.seenState !== state) {
    return refuse(
      'state-changed',
      `The state was ${command.seenState} when the command was given; it is ${state} now.`,
      state,
    )
  }
  const rule = onDeclarePartnerDown[state]
  if (!rule.allowed) return refuse('state-does-not-allow', rule.because, state)
  if (situation.communicationsOk && !command.force) {
    return refuse('partner-in-contact', inContact, state)
  }
  if (situation.isBlind && !command.force) return refuse('hears-no-client', hearsNoClient, state)
  return { kind: 'go', rule: rule.rule }
}

export function allowanceOf(situation: CommandSituation): CommandAllowance {
  const rule = onDeclarePartnerDown[situation.state]
  if (!rule.allowed) return rule
  if (situation.communicationsOk) return { allowed: true, needsForce: true, because: inContact }
  if (situation.isBlind) return { allowed: true, needsForce: true, because: hearsNoClient }
  return {
    allowed: true,
    needsForce: false,
    because: 'The partner is out of contact. Declare it down only when you know that it is not running.',
  }
}

const inContact = 'The partner is in contact and running: declaring it down now would let both grant the same lease.'

const hearsNoClient =
  'This server hears no client and has left its partner to serve: there is nothing that it could serve alone.'

function refuse(
  refusal: Extract<CommandResult, { readonly ok: false }>['refusal'],
  detail: string,
  currentState: EndpointState,
): CommandVerdict {
  return { kind: 'refuse', result: { ok: false, refusal, detail, currentState } }
}
