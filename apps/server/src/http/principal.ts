/** Who a request comes from, once its session or token has been checked. */
import type { IncomingMessage } from 'node:http'
import { roleMay, scopeAdmits } from '@tandem/api-contract'
import type { Permission, Role, ScopePermission } from '@tandem/api-contract'

export interface Principal {
  readonly via: 'cookie' | 'api-token'
  /** Hash of the session's cookie, or the token's id: tells one sign-in from another, and is no secret. */
  readonly id: string
  /** Name of the operator; for a token `token:` and its name. */
  readonly name: string
  /** undefined: an API token. */
  readonly operatorId: string | undefined
  readonly role: Role
  /** Of a token: what it is limited to within its role; null: nothing. */
  readonly scope: readonly ScopePermission[] | null
  /** Has to be replaced before anything else is answered. */
  readonly passwordIsTemporary: boolean
  readonly sinceMs: number
  readonly expiresAtMs: number | undefined
}

/** All of role, scope and a password that is the operator's own. */
export function principalMay({ role, scope, passwordIsTemporary }: Principal, permission: Permission): boolean {
  if (passwordIsTemporary && permission !== 'session.own' && permission !== 'open') return false
  return roleMay(role, permission) && scopeAdmits(scope, permission)
}

const principals = new WeakMap<IncomingMessage, Principal>()

export function rememberPrincipal(request: IncomingMessage, principal: Principal): void {
  principals.set(request, principal)
}

export function principalOf(request: IncomingMessage): Principal | undefined {
  return principals.get(request)
}
