/** First in line for everything under /api: without a valid session or token only open routes are reached. */
import { API_PREFIX, routes } from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Access } from '../sessions/access.ts'
import { notSignedIn } from './access.guard.ts'
import { answerProblem, HttpProblem } from './http-problem.ts'
import { isForgeable, originVerdict } from './origin-check.ts'
import { toHttpProblem } from './problem.filter.ts'
import { rememberPrincipal } from './principal.ts'

const openPaths: ReadonlySet<string> = new Set(
  Object.values<RouteDefinition>(routes)
    .filter(({ permission }) => permission === 'open')
    .map(({ method, path }) => `${method} ${API_PREFIX}${path}`),
)

export function authenticateRequests(access: Access, ownTls: boolean): RequestHandler {
  return (request, response, next) => {
    admit(access, ownTls, request).then(
      () => next(),
      (error: unknown) => refuse(response, next, request, error),
    )
  }
}

async function admit(access: Access, ownTls: boolean, request: Request): Promise<void> {
  if (isForgeable(request.method, request.headers) && originVerdict(request.headers, ownTls) === 'foreign') {
    throw new HttpProblem('foreign-origin', {
      detail: 'A browser sent this from a page of another site.',
      remedy: 'Use the console of this server itself, or an API token.',
      fields: [{ field: 'header.Origin', message: 'names another site' }],
    })
  }
  const principal = await access.authenticate(request.headers)
  if (principal !== undefined) rememberPrincipal(request, principal)
  else if (!openPaths.has(`${request.method} ${request.originalUrl.split('?', 1)[0]}`)) throw notSignedIn()
}

function refuse(response: Response, next: NextFunction, request: Request, error: unknown): void {
  if (error instanceof HttpProblem) answerProblem(response, request.originalUrl, error)
  else if (toHttpProblem(error).kind === 'internal') next(error)
  else answerProblem(response, request.originalUrl, toHttpProblem(error))
}
