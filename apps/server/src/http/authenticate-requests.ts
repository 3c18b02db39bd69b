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
import { insistOnRate } from './request-limits.ts'
import type { RequestLimits } from './request-limits.ts'

const openPaths: ReadonlySet<string> = new Set(
  Object.values<RouteDefinition>(routes)
    .filter(({ permission }) => permission === 'open')
    .map(({ method, path }) => `${method} ${API_PREFIX}${path}`),
)

export function authenticateRequests(access: Access, limits: RequestLimits, ownTls: boolean): RequestHandler {
  return (request, response, next) => {
    admit(access, limits, ownTls, request, response).then(
      () => next(),
      (error: unknown) => refuse(response, next, request, error),
    )
  }
}

async function admit(
  access: Access,
  limits: RequestLimits,
  ownTls: boolean,
  request: Request,
  response: Response,
): Promise<void> {
  const ofAddress = limits.ofAddress(request.ip)
  insistOnRate(response, ofAddress)
  if (isForgeable(request.method, request.headers) && originVerdict(request.headers, ownTls) === 'foreign') {
    throw new HttpProblem('foreign-origin', {
      detail: 'A browser sent this from a page of another site.',
      remedy: 'Use the console of this server itself, or an API token.',
      fields: [{ field: 'header.Origin', message: 'names another site' }],
    })
  }
  const principal = await access.authenticate(request.headers)
  insistOnRate(response, ofAddress, limits.ofCaller(principal, request.ip))
  if (principal !== undefined) rememberPrincipal(request, principal)
  else if (!openPaths.has(`${request.method} ${request.originalUrl.split('?', 1)[0]}`)) throw notSignedIn()
}

function refuse(response: Response, next: NextFunction, request: Request, error: unknown): void {
  if (error instanceof HttpProblem) answerProblem(response, request.originalUrl, error)
  else if (toHttpProblem(error).kind === 'internal') next(error)
  else answerProblem(response, request.originalUrl, toHttpProblem(error))
}
