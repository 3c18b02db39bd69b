/** Who may come in: a route without a contract answers nobody, an open one everybody, the others by role. */
import { Injectable } from '@nestjs/common'
import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { roleMay, roleNeededFor } from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import type { Request } from 'express'
import { HttpProblem } from './http-problem.ts'
import { principalOf } from './principal.ts'
import { ROUTE } from './route.decorator.ts'

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
    if (roleMay(principal.role, route.permission)) return true
    throw new HttpProblem('role-too-small', {
      detail: `This needs the role ${roleNeededFor(route.permission)}; yours is ${principal.role}.`,
      remedy: `Ask someone with the role ${roleNeededFor(route.permission)}, or an administrator for that role.`,
      fields: [
        {
          field: principal.via === 'cookie' ? 'header.Cookie' : 'header.Authorization',
          message: `is of a ${principal.role}`,
        },
      ],
    })
  }
}
