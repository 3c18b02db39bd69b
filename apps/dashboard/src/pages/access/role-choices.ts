/** The roles as a choice. */
import { roles } from '@tandem/api-contract'
import type { Role } from '@tandem/api-contract'

const words: Readonly<Record<Role, string>> = {
  viewer: 'Viewer: sees, changes nothing',
  operator: 'Operator: also commands',
  administrator: 'Administrator: also access and audit',
}

export const roleChoices = roles.map((role) => ({ value: role, word: words[role] }))

/** What a select of these says was chosen. */
export function roleOf(value: string): Role {
  return roles.find((role) => role === value) ?? 'viewer'
}
