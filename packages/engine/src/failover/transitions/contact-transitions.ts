/** What losing contact, an answered UPDREQ and the clocks of the states lead to (RFC 8156 sections 8.3 to 8.12). */
import { hasBug } from '../../deliberate-bug.ts'
import type { Role } from '../../configuration/configuration.ts'
import type { EndpointState, RecordedState } from '../endpoint-record.ts'

export interface Move {
  readonly to: RecordedState
  readonly rule: string
}

const stay = undefined

/** The connection is gone, by keepalive, TCP, DISCONNECT or a partner that no longer acknowledges. */
export const onContactLost: Readonly<Record<EndpointState, Move | undefined>> = {
  STARTUP: stay,
  NORMAL: { to: 'COMMUNICATIONS-INTERRUPTED', rule: 'RFC 8156 8.8.2' },
  'COMMUNICATIONS-INTERRUPTED': stay,
  'PARTNER-DOWN': stay,
  'POTENTIAL-CONFLICT': { to: 'RESOLUTION-INTERRUPTED', rule: 'RFC 8156 8.10.2' },
  RECOVER: stay,
  'RECOVER-WAIT': stay,
  'RECOVER-DONE': stay,
  'RESOLUTION-INTERRUPTED': stay,
  'CONFLICT-DONE': stay,
}

type AnsweredIn = 'RECOVER' | 'POTENTIAL-CONFLICT'

/** UPDDONE: the partner has told everything that was asked for. */
const onUpdatesComplete: Readonly<Record<AnsweredIn, Readonly<Record<Role, Move>>>> = {
  RECOVER: {
    primary: { to: 'RECOVER-WAIT', rule: 'RFC 8156 8.5.2' },
    secondary: { to: 'RECOVER-WAIT', rule: 'RFC 8156 8.5.2' },
  },
  'POTENTIAL-CONFLICT': {
    primary: { to: 'CONFLICT-DONE', rule: 'RFC 8156 8.10.2' },
    secondary: { to: 'NORMAL', rule: 'RFC 8156 8.10.2' },
  },
}

export function nextOnUpdatesComplete(state: EndpointState, role: Role): Move | undefined {
  if (state === 'RECOVER' && hasBug('recovery-cut-short')) return { to: 'NORMAL', rule: 'RFC 8156 8.5.2' }
  return state === 'RECOVER' || state === 'POTENTIAL-CONFLICT' ? onUpdatesComplete[state][role] : undefined
}

/** Served alone by force while leases were missing: they are fetched once the partner is back (decision 0071). The others ask by themselves. */
export const asksWhatIsMissing: ReadonlySet<EndpointState> = new Set([
  'PARTNER-DOWN',
  'COMMUNICATIONS-INTERRUPTED',
  'NORMAL',
])

export const onRecoverWaitEnded: Move = { to: 'RECOVER-DONE', rule: 'RFC 8156 8.6.2' }
export const onAutoPartnerDown: Move = { to: 'PARTNER-DOWN', rule: 'RFC 8156 8.9.2' }

/**
 * The state to go on with after a restart: a state that needs contact becomes what losing contact makes of it
 * (RFC 8156 section 8.3.2 step 2).
 */
export function resumeStateOf(recorded: RecordedState): RecordedState {
  return onContactLost[recorded]?.to ?? recorded
}
