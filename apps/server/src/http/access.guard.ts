/** Who may come in: a route without a contract answers nobody, an open one everybody, the others by role. */
import { Injectable } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { roleMay, roleNeededFor, scopeAdmits } from '@tandem/api-contract'
import type { Permission, RouteDefinition } from '@tandem/api-contract'
import type { Request } from 'express'
import { HttpProblem } from './http-problem.ts'
import { principalOf } from './principal.ts'
import type { Principal } from './principal.ts'
import { ROUTE } from './route.decorator.ts'

type GuardedPermission = Exclude<Permission, 'open'>

export function notSignedIn(): HttpProblem {
  return new HttpProblem('not-signed-in', {
    detail: 'This needs a session or an API token, and the request has none that is valid.',
    remedy: 'Sign in in the console, or send Authorization: Bearer with a token from `tandem token create`.',
    fields: [{ field: 'header.Authorization', message: 'has no valid API token, nor is there a valid session cookie' }],
  })
}

@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true
    // Only @Route sets this metadata.
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteDefinition | undefined
    if (route === undefined) throw notSignedIn()
    if (route.permission === 'open') return true
    const principal = principalOf(context.switchToHttp().getRequest<Request>())
    if (principal === undefined) throw notSignedIn()
    admit(principal, route.permission)
    return true
  }
}

/** Throws what is answered to somebody who may not. */
export function admit({ via, role, scope, passwordIsTemporary }: Principal, permission: GuardedPermission): void {
  const field = via === 'cookie' ? 'header.Cookie' : 'header.Authorization'
  if (passwordIsTemporary && permission !== 'session.own') {
    throw new HttpProblem('password-change-required', {
      detail: 'Your password was chosen by somebody else and is good for nothing but choosing your own.',
      remedy: 'Sign in in the console and choose one, or POST /api/v1/account/password.',
      fields: [{ field, message: 'is of an operator with a temporary password' }],
    })
  }
  if (!roleMay(role, permission)) {
    throw new HttpProblem('role-too-small', {
      detail: `This needs the role ${roleNeededFor(permission)}; yours is ${role}.`,
      remedy: `Ask someone with the role ${roleNeededFor(permission)}, or an administrator for that role.`,
      fields: [{ field, message: `is of a ${role}` }],
    })
  }
  if (!scopeAdmits(scope, permission)) {
    throw new HttpProblem('scope-too-small', {
      detail: `This needs ${permission}, which the scope of this API token leaves out.`,
      remedy: 'Make a token whose scope names it, or one without a scope.',
      fields: [{ field, message: `has a scope without ${permission}` }],
    })
  }
}
