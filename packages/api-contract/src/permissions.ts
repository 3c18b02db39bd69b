/** Who may do what: three roles, each of which may do all that the one before it may. */
import * as z from 'zod'

/** From least to most. */
export const roles = ['viewer', 'operator', 'administrator'] as const

export const Role = z
  .enum(roles)
  .meta({ id: 'Role', description: 'viewer reads, operator commands, administrator manages access' })
export type Role = z.infer<typeof Role>

/** The least role that each permission needs. */
const leastRole = {
  'status.read': 'viewer',
  'leases.read': 'viewer',
  'session.own': 'viewer',
  'relationships.command': 'operator',
  'leases.command': 'operator',
  'audit.read': 'administrator',
  'operators.manage': 'administrator',
  'api-tokens.manage': 'administrator',
} as const satisfies Record<string, Role>

/** `open`: answers without a session or token. */
export type Permission = keyof typeof leastRole | 'open'

export function roleNeededFor(permission: Exclude<Permission, 'open'>): Role {
  return leastRole[permission]
}

export function roleMay(role: Role, permission: Permission): boolean {
  return permission === 'open' || roles.indexOf(role) >= roles.indexOf(leastRole[permission])
}
