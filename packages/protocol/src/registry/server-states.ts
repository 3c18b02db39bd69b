/** Values of OPTION_F_SERVER_STATE (RFC 8156 §5.5.16). */
import { assignedNumbers } from './assigned-numbers.ts'

const serverStates = assignedNumbers({
  Startup: [1, 'STARTUP'],
  Normal: [2, 'NORMAL'],
  CommunicationsInterrupted: [3, 'COMMUNICATIONS-INTERRUPTED'],
  PartnerDown: [4, 'PARTNER-DOWN'],
  PotentialConflict: [5, 'POTENTIAL-CONFLICT'],
  Recover: [6, 'RECOVER'],
  RecoverWait: [7, 'RECOVER-WAIT'],
  RecoverDone: [8, 'RECOVER-DONE'],
  ResolutionInterrupted: [9, 'RESOLUTION-INTERRUPTED'],
  ConflictDone: [10, 'CONFLICT-DONE'],
})

export const ServerStateCode = serverStates.codes
export type ServerStateCode = (typeof ServerStateCode)[keyof typeof ServerStateCode]

export function serverStateName(code: number): string {
  return serverStates.nameOf(code) ?? `server state ${code}`
}

export function serverStateFromName(name: string): number | undefined {
  return serverStates.codeOf(name)
}

export function isServerStateCode(code: number): code is ServerStateCode {
  return serverStates.nameOf(code) !== undefined
}
