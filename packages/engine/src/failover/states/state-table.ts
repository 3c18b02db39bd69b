/** Every endpoint state of RFC 8156 section 8, one file each. */
import type { Role } from '../../configuration/configuration.ts'
import type { EndpointState } from '../endpoint-record.ts'
import { communicationsInterrupted } from './communications-interrupted.ts'
import { conflictDone } from './conflict-done.ts'
import type { StateDefinition } from './define-state.ts'
import { normal } from './normal.ts'
import { partnerDown } from './partner-down.ts'
import { potentialConflict } from './potential-conflict.ts'
import { recoverDone } from './recover-done.ts'
import { recoverWait } from './recover-wait.ts'
import { recover } from './recover.ts'
import { resolutionInterrupted } from './resolution-interrupted.ts'
import { startup } from './startup.ts'

export const stateTable: Readonly<Record<EndpointState, StateDefinition>> = {
  STARTUP: startup,
  NORMAL: normal,
  'COMMUNICATIONS-INTERRUPTED': communicationsInterrupted,
  'PARTNER-DOWN': partnerDown,
  'POTENTIAL-CONFLICT': potentialConflict,
  RECOVER: recover,
  'RECOVER-WAIT': recoverWait,
  'RECOVER-DONE': recoverDone,
  'RESOLUTION-INTERRUPTED': resolutionInterrupted,
  'CONFLICT-DONE': conflictDone,
}

/** Can a server in this state promise anything to a client? */
export function mayPromise(state: EndpointState, role: Role): boolean {
  return stateTable[state].policy.answers[role] !== 'nobody'
}

/** `inContact`: a state passed through on the way to agreement needs nobody's attention. */
export function isAlarming(from: EndpointState, to: EndpointState, inContact: boolean): boolean {
  const { alarm } = stateTable[to]
  if (alarm === 'always' || alarm === 'never') return alarm === 'always'
  return !inContact && alarm.from.includes(from)
}
