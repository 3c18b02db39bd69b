/** A command with an Idempotency-Key is carried out once; its repetition gets the same answer, also after a restart. */
import { createHash } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
import { PROBLEM_CONTENT_TYPE } from '@tandem/api-contract'
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

const KEY_LENGTH_MIN = 8
const KEY_LENGTH_MAX = 200

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  /** Being carried out now: a second click waits for the first. */
  private readonly running = new Map<string, Promise<StoredAnswer>>()

  constructor(@Inject(CONSOLE_DATABASE) private readonly database: ConsoleDatabase) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Only @Route sets this metadata.
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteDefinition | undefined
    if (route?.idempotent !== true) return next.handle()
    const http = context.switchToHttp()
    return from(this.once(route, http.getRequest<Request>(), http.getResponse<Response>(), next))
  }

  private async once(
    route: RouteDefinition,
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<unknown> {
    const id = { key: keyOf(request), operator: principalOf(request)?.name ?? '', route: routeKey(route, request) }
    const requestHash = hashOf(JSON.stringify(request.body ?? null))
    const name = JSON.stringify(id)
    const earlier = this.running.get(name) ?? (await findStoredAnswer(this.database, id, Date.now()))
    if (earlier !== undefined) return replay(await earlier, requestHash, response)
    const again = this.running.get(name)
    if (again !== undefined) return replay(await again, requestHash, response)
    const answer = this.carryOut(id, requestHash, request, response, next)
    this.running.set(name, answer)
    try {
      return replay(await answer, requestHash, response)
    } finally {
      this.running.delete(name)
    }
  }

  /** A refusal by the engine is an answer too; anything else that fails was not carried out and may be tried again. */
  private async carryOut(
    id: IdempotencyKey,
    requestHash: string,
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<StoredAnswer> {
    let answer: StoredAnswer
    try {
      const body: unknown = await lastValueFrom(next.handle())
      answer = { requestHash, status: response.statusCode, body: JSON.stringify(body) }
    } catch (error) {
      if (!(error instanceof HttpProblem) || error.kind !== 'refused') throw error
      const problem = error.toProblem(instanceOf(request.originalUrl))
      answer = { requestHash, status: error.status, body: JSON.stringify(problem) }
    }
    await storeAnswer(this.database, id, answer, Date.now())
    return answer
  }
}

function replay(answer: StoredAnswer, requestHash: string, response: Response): unknown {
  if (answer.requestHash !== requestHash) {
    throw new HttpProblem('idempotency-key-reused', {
      detail: 'This Idempotency-Key came with another body before.',
      remedy: 'Take a new key for a new command; repeat a command with the body that it had.',
      fields: [{ field: 'header.Idempotency-Key', message: 'was used with another body' }],
    })
  }
  response.status(answer.status)
  if (answer.status >= 400) response.setHeader('Content-Type', PROBLEM_CONTENT_TYPE)
  const body: unknown = JSON.parse(answer.body)
  return body
}

function keyOf(request: Request): string {
  const key = request.header('Idempotency-Key')?.trim()
  if (key !== undefined && key.length >= KEY_LENGTH_MIN && key.length <= KEY_LENGTH_MAX) return key
  throw new HttpProblem('idempotency-key-missing', {
    detail: `This command needs a header Idempotency-Key of ${KEY_LENGTH_MIN} to ${KEY_LENGTH_MAX} characters.`,
    remedy: 'Send a fresh UUID for each command, and the same one when you repeat it.',
    fields: [{ field: 'header.Idempotency-Key', message: key === undefined ? 'is missing' : 'has a wrong length' }],
  })
}

const routeKey = (route: RouteDefinition, request: Request): string =>
  `${route.method} ${instanceOf(request.originalUrl)}`

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the engine is told the command is called: the same for each repetition, and not to be guessed from outside. */
export function commandIdOf(request: Request): string {
  const operator = principalOf(request)?.name ?? ''
  return hashOf(JSON.stringify([keyOf(request), operator, instanceOf(request.originalUrl)])).slice(0, 32)
}
