/** Values of OPTION_F_BINDING_STATUS (RFC 8156 §5.5.1, §7.2). */
import { assignedNumbers } from './assigned-numbers.ts'

const bindingStatuses = assignedNumbers({
  Active: [1, 'ACTIVE'],
  Expired: [2, 'EXPIRED'],
  Released: [3, 'RELEASED'],
  PendingFree: [4, 'PENDING-FREE'],
  Free: [5, 'FREE'],
  FreeBackup: [6, 'FREE-BACKUP'],
  Abandoned: [7, 'ABANDONED'],
  Reset: [8, 'RESET'],
})

export const BindingStatusCode = bindingStatuses.codes
export type BindingStatusCode = (typeof BindingStatusCode)[keyof typeof BindingStatusCode]

export function bindingStatusName(code: number): string {
  return bindingStatuses.nameOf(code) ?? `binding status ${code}`
}

export function bindingStatusFromName(name: string): number | undefined {
  return bindingStatuses.codeOf(name)
}

export function isBindingStatusCode(code: number): code is BindingStatusCode {
  return bindingStatuses.nameOf(code) !== undefined
}
