/** A POST is carried out once for each Idempotency-Key; its repetition gets the same answer, also after a restart. */
import { createHash, createHmac } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import {
  IDEMPOTENCY_KEY_LENGTH_MAX,
  IDEMPOTENCY_KEY_LENGTH_MIN,
  needsIdempotencyKey,
  PROBLEM_CONTENT_TYPE,
} from '@tandem/api-contract'
import type { RouteDefinition } from '@tandem/api-contract'
import type { Request, Response } from 'express'
import { from, lastValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import type { ConsoleDatabase } from '../storage/console-database.ts'
import { findStoredAnswer, storeAnswer } from '../storage/idempotency.queries.ts'
import type { IdempotencyKey, StoredAnswer } from '../storage/idempotency.queries.ts'
import { HttpProblem, instanceOf } from './http-problem.ts'
import { CONSOLE_DATABASE } from './injection-tokens.ts'
import { principalOf } from './principal.ts'
import { ROUTE } from './route.decorator.ts'
import { SecretAnswers } from './secret-answers.ts'
import type { GivenAnswer } from './secret-answers.ts'
import { etagOf, versionIn } from './version.ts'

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  /** Being carried out now: a second click waits for the first. */
  private readonly running = new Map<string, Promise<GivenAnswer>>()
  private readonly secrets = new SecretAnswers(Date.now)

  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Only @Route sets this metadata.
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteDefinition | undefined
    if (route === undefined || !needsIdempotencyKey(route)) return next.handle()
    const http = context.switchToHttp()
    return from(this.once(route, http.getRequest<Request>(), http.getResponse<Response>(), next))
  }

  private async once(
    route: RouteDefinition,
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<unknown> {
    const id = { key: keyOf(request), operator: callerOf(request), route: routeKey(route, request) }
    const requestHash = requestHashOf(request)
    const name = JSON.stringify(id)
    const earlier = this.running.get(name) ?? (await this.find(route, id, name))
    if (earlier !== undefined) return replay(route, await earlier, requestHash, response)
    const again = this.running.get(name)
    if (again !== undefined) return replay(route, await again, requestHash, response)
    const answer = this.carryOut(route, id, requestHash, request, response, next)
    this.running.set(name, answer)
    try {
      return replay(route, await answer, requestHash, response)
    } finally {
      this.running.delete(name)
    }
  }

  private async find(route: RouteDefinition, id: IdempotencyKey, name: string): Promise<GivenAnswer | undefined> {
    const secret = this.secrets.find(name)
    if (secret !== undefined || isForgotten(route)) return secret
    return findStoredAnswer(this.database, id, Date.now())
  }

  /** A refusal by the engine is an answer too; anything else that fails was not carried out and may be tried again. */
  private async carryOut(
    route: RouteDefinition,
    id: IdempotencyKey,
    requestHash: string,
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<GivenAnswer> {
    let answer: StoredAnswer
    try {
      const body: unknown = await lastValueFrom(next.handle())
      answer = { requestHash, status: response.statusCode, body: JSON.stringify(body ?? null) }
    } catch (error) {
      if (!(error instanceof HttpProblem) || error.kind !== 'refused') throw error
      const problem = error.toProblem(instanceOf(request.originalUrl))
      answer = { requestHash, status: error.status, body: JSON.stringify(problem) }
    }
    const given = { ...answer, cookies: cookiesOf(response) }
    if (route.secretAnswer === true) this.secrets.keep(JSON.stringify(id), given)
    const stored = route.secretAnswer === true ? { ...answer, body: NOT_KEPT } : answer
    if (!isForgotten(route)) await storeAnswer(this.database, id, stored, Date.now())
    return given
  }
}

/** In place of a body that is a secret: what was done is known after a restart, and not what was answered. */
const NOT_KEPT = ''

/** A sign-in that is repeated after a restart is a new one, and does no harm. */
function isForgotten({ secretAnswer, permission }: RouteDefinition): boolean {
  return secretAnswer === true && permission === 'open'
}

function replay(route: RouteDefinition, answer: GivenAnswer, requestHash: string, response: Response): unknown {
  if (answer.requestHash !== requestHash) {
    throw new HttpProblem('idempotency-key-reused', {
      detail: 'This Idempotency-Key came with another body before.',
      remedy: 'Take a new key for a new command; repeat a command with the body that it had.',
      fields: [{ field: 'header.Idempotency-Key', message: 'was used with another body' }],
    })
  }
  if (answer.body === NOT_KEPT) {
    throw new HttpProblem('answer-not-kept', {
      detail: 'This was done before, and its answer held a secret that was shown once and is not kept.',
      remedy: 'Look for what was made in its list and remove it if the secret is lost; then begin anew with a new key.',
      fields: [{ field: 'header.Idempotency-Key', message: 'was used, and its answer is not kept' }],
    })
  }
  response.status(answer.status)
  if (answer.cookies !== undefined) response.setHeader('Set-Cookie', [...answer.cookies])
  const body: unknown = JSON.parse(answer.body)
  if (answer.status >= 400) response.setHeader('Content-Type', PROBLEM_CONTENT_TYPE)
  else if (route.versioned === true) response.setHeader('ETag', etagOf(versionIn(body)))
  return body
}

function cookiesOf(response: Response): GivenAnswer['cookies'] {
  const cookies = response.getHeader('Set-Cookie')
  return cookies === undefined ? undefined : [cookies].flat().map(String)
}

function keyOf(request: Request): string {
  const key = request.header('Idempotency-Key')?.trim()
  const [least, most] = [IDEMPOTENCY_KEY_LENGTH_MIN, IDEMPOTENCY_KEY_LENGTH_MAX]
  if (key !== undefined && key.length >= least && key.length <= most) return key
  throw new HttpProblem('idempotency-key-missing', {
    detail: `A POST needs a header Idempotency-Key of ${least} to ${most} characters.`,
    remedy: 'Send a fresh UUID for each command, and the same one when you repeat it.',
    fields: [{ field: 'header.Idempotency-Key', message: key === undefined ? 'is missing' : 'has a wrong length' }],
  })
}

/** Strangers share no keys with each other. */
const callerOf = (request: Request): string => principalOf(request)?.name ?? `stranger at ${request.ip ?? ''}`

const routeKey = (route: RouteDefinition, request: Request): string =>
  `${route.method} ${instanceOf(request.originalUrl)}`

/**
 * A quick hash of a password would undo its slow one for whoever reads the database: there the caller's own credential, which
 * is not stored either, is the key.
 */
function requestHashOf({ body, headers }: Request): string {
  const text = JSON.stringify(body ?? null)
  if (!/password"/i.test(text)) return hashOf(text)
  return createHmac('sha256', headers.authorization ?? headers.cookie ?? '')
    .update(text)
    .digest('hex')
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the engine is told the command is called: the same for each repetition, and not to be guessed from outside. */
export function commandIdOf(request: Request): string {
  return hashOf(JSON.stringify([keyOf(request), callerOf(request), instanceOf(request.originalUrl)])).slice(0, 32)
}
