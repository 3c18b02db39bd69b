/** What an operator may command in which state (RFC 8156 sections 8.3.2, 8.4, 8.8.2, 8.9.2, 8.11.2; decisions 0071 to 0073). */
import type { CommandRefusal, CommandResult } from '../../effects.ts'
import type { DeclarePartnerDown } from '../../events.ts'
import type { CommandAllowance, ForceAdmits } from '../../snapshot.ts'
import type { Instant } from '../../time/instant.ts'
import type { EndpointState } from '../endpoint-record.ts'

type Rule =
  /** While the partner is in contact only by force. */
  | { readonly allowed: 'always'; readonly rule: string }
  /** `leasesMayBeMissing`: and by force only, in contact or not. */
  | {
      readonly allowed: 'without-contact'
      readonly rule: string
      readonly inContact: string
      readonly leasesMayBeMissing: boolean
    }
  | { readonly allowed: 'never'; readonly because: string }

const always = (rule: string): Rule => ({ allowed: 'always', rule })
const never = (because: string): Rule => ({ allowed: 'never', because })

export const onDeclarePartnerDown: Readonly<Record<EndpointState, Rule>> = {
  NORMAL: always('RFC 8156 8.8.2'),
  'COMMUNICATIONS-INTERRUPTED': always('RFC 8156 8.9.2'),
  'RESOLUTION-INTERRUPTED': always('RFC 8156 8.11.2'),
  STARTUP: never(
    'This server is starting and has not yet looked for its partner. Wait until the start-up time is over.',
  ),
  'PARTNER-DOWN': never('The partner is already declared down.'),
  'POTENTIAL-CONFLICT': never(
    'Both servers are comparing what they granted. If the partner fails now, contact is lost and the command becomes possible.',
  ),
  RECOVER: {
    allowed: 'without-contact',
    rule: 'RFC 8156 8.3.2',
    inContact: 'This server is fetching leases from its partner and cannot serve alone before that is done.',
    leasesMayBeMissing: true,
  },
  'RECOVER-WAIT': never('Leases that this server may have granted before it failed have to run out first.'),
  // The partner may be in PARTNER-DOWN, which it takes up again when it is started, whether or not it hears us.
  'RECOVER-DONE': never(
    'This server has recovered and waits for its partner to return to NORMAL. Bring the partner back.',
  ),
  'CONFLICT-DONE': {
    allowed: 'without-contact',
    rule: 'RFC 8156 8.4',
    inContact: 'The partner is still fetching what this server granted; this server serves meanwhile.',
    leasesMayBeMissing: false,
  },
}

export interface CommandSituation {
  readonly state: EndpointState
  readonly communicationsOk: boolean
  /** This server hears no client and has left the partner by itself. */
  readonly isBlind: boolean
  /** By this server's memory; false too where that was lost. */
  readonly partnerEverHeard: boolean
  /** If not, it may have declared this server down meanwhile, and served alone. */
  readonly partnerHeardSinceStart: boolean
  /** In PARTNER-DOWN, before what it granted there could be fetched: no MCLT bounds that. */
  readonly partnerServedAlone: boolean
  /** For maintenance (decision 0089). */
  readonly isHandedOver: boolean
}

export type CommandVerdict =
  | { readonly kind: 'go'; readonly rule: string }
  | { readonly kind: 'nothing-to-do'; readonly detail: string }
  | { readonly kind: 'refuse'; readonly result: Extract<CommandResult, { readonly ok: false }> }

export interface DownSinceBounds {
  readonly lastHeardFromPartnerAt: Instant | undefined
  readonly now: Instant
}

export function judgeDeclarePartnerDown(
  command: DeclarePartnerDown,
  situation: CommandSituation,
  bounds: DownSinceBounds,
): CommandVerdict {
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
  const allowance = allowanceOf(situation)
  const rule = onDeclarePartnerDown[state]
  if (rule.allowed === 'never' || !allowance.allowed) return refuse('state-does-not-allow', allowance.because, state)
  if (allowance.forceAdmits !== undefined && !command.force) {
    return refuse(allowance.forceAdmits, allowance.because, state)
  }
  const impossible = command.downSince === undefined ? undefined : cannotBeSince(command.downSince, situation, bounds)
  if (impossible !== undefined) return refuse('down-since-impossible', impossible, state)
  return { kind: 'go', rule: rule.rule }
}

/** In words why the partner cannot have stopped then; undefined: it can (decision 0072). */
function cannotBeSince(
  downSince: Instant,
  situation: CommandSituation,
  { lastHeardFromPartnerAt, now }: DownSinceBounds,
): string | undefined {
  if (downSince > now) return 'The time since when the partner does not run lies in the future.'
  if (mayMissLeases(situation)) {
    return 'What this server remembers of its partner may be incomplete, so the waits count from now: leave the time out.'
  }
  if (lastHeardFromPartnerAt !== undefined && downSince < lastHeardFromPartnerAt) {
    const seconds = Math.ceil((lastHeardFromPartnerAt - downSince) / 1000)
    return `The partner was still heard ${seconds} s after that time, so it cannot have stopped by then.`
  }
  return undefined
}

function mayMissLeases({ state, partnerServedAlone }: CommandSituation): boolean {
  if (state === 'RESOLUTION-INTERRUPTED') return partnerServedAlone
  const rule = onDeclarePartnerDown[state]
  return rule.allowed === 'without-contact' && rule.leasesMayBeMissing
}

export function allowanceOf(situation: CommandSituation): CommandAllowance {
  const { state, communicationsOk, isBlind, partnerEverHeard, partnerHeardSinceStart } = situation
  const rule = onDeclarePartnerDown[state]
  if (situation.isHandedOver) return { allowed: false, because: isHandedOver }
  if (rule.allowed === 'never') return { allowed: false, because: rule.because }
  if (communicationsOk) {
    return rule.allowed === 'always'
      ? allowed(inContact, 'partner-in-contact')
      : { allowed: false, because: rule.inContact }
  }
  if (isBlind) return allowed(hearsNoClient, 'hears-no-client')
  if (!mayMissLeases(situation)) {
    return partnerHeardSinceStart ? allowed(away) : allowed(mayHaveServedAlone, 'leases-may-be-missing')
  }
  if (state === 'RESOLUTION-INTERRUPTED') return allowed(grantedAlone, 'leases-may-be-missing')
  return allowed(partnerEverHeard ? missingForSure : missingPerhaps, 'leases-may-be-missing')
}

function allowed(because: string, forceAdmits?: ForceAdmits): CommandAllowance {
  return { allowed: true, needsForce: forceAdmits !== undefined, forceAdmits, because }
}

const isHandedOver =
  'This server is handed over, and its partner serves. Take service back first; then it is known what the partner did.'

const inContact = 'The partner is in contact and running: declaring it down now would let both grant the same lease.'

const hearsNoClient =
  'This server hears no client and has left its partner to serve: there is nothing that it could serve alone.'

const away = 'The partner is out of contact. Declare it down only when you know that it is not running.'

const missingPerhaps =
  'The partner has never been heard, as far as this server remembers. If this pair has never served, the command starts ' +
  'service here. If it has, memory was lost: clients hold leases that this server would give to others.'

const missingForSure =
  'This server has lost what it knew and could not fetch it from its partner. If it serves alone now, it may give away ' +
  'leases that clients hold. Only if the partner is lost for good.'

const mayHaveServedAlone =
  'The partner has not been heard since this server started. If it was declared to serve alone meanwhile, only it knows ' +
  'what it granted, and this server would give away leases that clients hold: then bring the partner back. If it was ' +
  'not, or is lost for good, the command can be forced.'

const grantedAlone =
  'The partner had served alone, and contact was lost before it could tell what it granted then. If this server serves ' +
  'alone now, it may give away leases that clients hold. Only if the partner is lost for good; else bring it back.'

function refuse(refusal: CommandRefusal, detail: string, currentState: EndpointState): CommandVerdict {
  return { kind: 'refuse', result: { ok: false, refusal, detail, currentState } }
}
