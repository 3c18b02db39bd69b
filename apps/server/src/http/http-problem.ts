/** A refusal on its way to the caller: thrown in a handler, answered as RFC 9457 says. */
import { PROBLEM_CONTENT_TYPE } from '@tandem/api-contract'
import type { FieldProblem, Problem, ProblemKind } from '@tandem/api-contract'
import type { ServerResponse } from 'node:http'

const kinds: Readonly<Record<ProblemKind, { readonly status: number; readonly title: string }>> = {
  'invalid-request': { status: 422, title: 'The request is not right' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'wrong-credentials': { status: 401, title: 'Name or password is wrong' },
  'code-not-good': { status: 401, title: 'The sign-in link is not good' },
  'role-too-small': { status: 403, title: 'Your role does not allow this' },
  'scope-too-small': { status: 403, title: 'The scope of the token does not allow this' },
  'password-change-required': { status: 403, title: 'Choose a password of your own first' },
  'last-administrator': { status: 409, title: 'There must be an administrator' },
  'foreign-origin': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This method is not answered here' },
  refused: { status: 409, title: 'The command was refused' },
  'exists-already': { status: 409, title: 'It exists already' },
  'set-up-already-done': { status: 409, title: 'Set-up is done already' },
  'idempotency-key-missing': { status: 400, title: 'The header Idempotency-Key is missing' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used for something else' },
  'answer-not-kept': { status: 409, title: 'This was done, and its answer is not kept' },
  'if-match-missing': { status: 428, title: 'The header If-Match is missing' },
  'version-changed': { status: 412, title: 'It has changed meanwhile' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'events-not-kept': { status: 410, title: 'These events are not kept' },
  unavailable: { status: 503, title: 'Not available now' },
  internal: { status: 500, title: 'The server failed' },
}

export interface ProblemDetails {
  readonly detail: string
  readonly remedy: string
  readonly fields?: readonly FieldProblem[]
  readonly refusal?: Problem['refusal']
  readonly currentState?: Problem['currentState']
  readonly oldestPosition?: string
  readonly retryAfterSeconds?: number
  /** Methods that are answered here, for the header Allow. */
  readonly allow?: readonly string[]
}

export class HttpProblem extends Error {
  readonly kind: ProblemKind
  readonly details: ProblemDetails

  constructor(kind: ProblemKind, details: ProblemDetails) {
    super(`${kind}: ${details.detail}`)
    this.kind = kind
    this.details = details
  }

  get status(): number {
    return kinds[this.kind].status
  }

  toProblem(instance: string): Problem {
    const { detail, remedy, fields, refusal, currentState, oldestPosition, retryAfterSeconds } = this.details
    return {
      type: `urn:tandem:problem:${this.kind}`,
      title: kinds[this.kind].title,
      status: this.status,
      detail,
      remedy,
      instance,
      ...(fields === undefined ? {} : { fields: [...fields] }),
      ...(refusal === undefined ? {} : { refusal }),
      ...(currentState === undefined ? {} : { currentState }),
      ...(oldestPosition === undefined ? {} : { oldestPosition }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    }
  }
}

/** The path without its query: a query may hold what nobody should read in a log. */
export function instanceOf(url: string | undefined): string {
  return (url ?? '/').split('?', 1)[0] ?? '/'
}

export function answerProblem(response: ServerResponse, url: string | undefined, problem: HttpProblem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.statusCode = problem.status
  response.setHeader('Content-Type', PROBLEM_CONTENT_TYPE)
  if (problem.kind === 'not-signed-in') response.setHeader('WWW-Authenticate', 'Bearer realm="tandem"')
  if (problem.details.allow !== undefined) response.setHeader('Allow', problem.details.allow.join(', '))
  if (problem.details.retryAfterSeconds !== undefined) {
    response.setHeader('Retry-After', String(problem.details.retryAfterSeconds))
  }
  response.end(JSON.stringify(problem.toProblem(instanceOf(url))))
}
