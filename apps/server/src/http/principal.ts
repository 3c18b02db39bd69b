/** Who a request comes from, once its session or token has been checked. */
import type { IncomingMessage } from 'node:http'
import type { Role } from '@tandem/api-contract'

export interface Principal {
  readonly via: 'cookie' | 'api-token'
  /** Hash of the session's cookie, or the token's id: tells one sign-in from another, and is no secret. */
  readonly id: string
  /** Name of the operator; for a token `token:` and its name. */
  readonly name: string
  readonly role: Role
  readonly sinceMs: number
  readonly expiresAtMs: number | undefined
}

const principals = new WeakMap<IncomingMessage, Principal>()

export function rememberPrincipal(request: IncomingMessage, principal: Principal): void {
  principals.set(request, principal)
}

export function principalOf(request: IncomingMessage): Principal | undefined {
  return principals.get(request)
}
