/** Who may do what: three roles, each of which may do all that the one before it may; a token may be limited further. */
import * as z from 'zod'

/** From least to most. */
export const roles = ['viewer', 'operator', 'administrator'] as const

export const Role = z
  .enum(roles)
  .meta({ id: 'Role', description: 'viewer reads, operator commands, administrator manages access' })
export type Role = z.infer<typeof Role>

export const UnknownRole = z
  .string()
  .nullable()
  .describe(
    'A role of a newer version, that the partner gave: it lets nobody in here, and the least one stands in its place',
  )

/** The least role that each permission needs. */
const leastRole = {
  'status.read': 'viewer',
  'leases.read': 'viewer',
  'session.own': 'viewer',
  'relationships.command': 'operator',
  'leases.command': 'operator',
  'audit.read': 'administrator',
  'operators.manage': 'administrator',
  'sessions.manage': 'administrator',
  'api-tokens.manage': 'administrator',
  'webhooks.manage': 'administrator',
} as const satisfies Record<string, Role>

type Guarded = keyof typeof leastRole

/** `open`: answers without a session or token. */
export type Permission = Guarded | 'open'

/**
 * What the scope of a token may name. Who one is every token may ask; and who may make operators or tokens can give himself
 * whatever else there is, so that is for tokens without a scope only.
 */
export const scopePermissions = [
  'status.read',
  'leases.read',
  'relationships.command',
  'leases.command',
  'audit.read',
  'sessions.manage',
  'webhooks.manage',
] as const satisfies readonly Guarded[]

export const ScopePermission = z
  .enum(scopePermissions)
  .meta({ id: 'ScopePermission', description: 'What the scope of an API token may name' })
export type ScopePermission = z.infer<typeof ScopePermission>

export function roleNeededFor(permission: Guarded): Role {
  return leastRole[permission]
}

export function roleMay(role: Role, permission: Permission): boolean {
  return permission === 'open' || roles.indexOf(role) >= roles.indexOf(leastRole[permission])
}

/** Whether a scope lets a permission through; null: no limit beside the role. */
export function scopeAdmits(scope: readonly ScopePermission[] | null, permission: Permission): boolean {
  if (scope === null || permission === 'open' || permission === 'session.own') return true
  return scope.some((each) => each === permission)
}
