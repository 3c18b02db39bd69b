/** What each permission of a token's scope lets a program do. */
import { roleMay, scopePermissions } from '@tandem/api-contract'
import type { Role, ScopePermission } from '@tandem/api-contract'

export const scopeWords: Readonly<Record<ScopePermission, string>> = {
  'status.read': 'Read the state of servers and pools',
  'leases.read': 'Read leases',
  'relationships.command': 'Declare the partner down',
  'leases.command': 'Bring leases back into use',
  'audit.read': 'Read the audit',
  'sessions.manage': 'See and end sessions',
  'webhooks.manage': 'Have lease events sent elsewhere',
}

/** Those that the role has. */
export function scopeOf(role: Role): readonly ScopePermission[] {
  return scopePermissions.filter((permission) => roleMay(role, permission))
}
