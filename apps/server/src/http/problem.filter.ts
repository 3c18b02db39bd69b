/** Whatever a request ends with that is not an answer becomes problem+json; what we did not foresee is logged, not shown. */
import { Catch, HttpException, Inject, NotFoundException } from '@nestjs/common'
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import type { Request, Response } from 'express'
import { EngineSilent } from '../engine/engine-service.ts'
import type { Log } from '../observability/log.ts'
import { isStorageAway } from '../storage/storage-away.ts'
import { answerProblem, HttpProblem, instanceOf } from './http-problem.ts'
import { LOG } from './injection-tokens.ts'
import { nothingThere } from './route-matching.ts'

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<Request>()
    const problem =
      error instanceof NotFoundException
        ? nothingThere(request.method, instanceOf(request.originalUrl))
        : toHttpProblem(error)
    if (problem.kind === 'internal') {
      this.log.write('error', 'API_FAILED', error instanceof Error ? (error.stack ?? error.message) : String(error), {
        method: request.method,
        path: instanceOf(request.originalUrl),
      })
    }
    answerProblem(http.getResponse<Response>(), request.originalUrl, problem)
  }
}

/** What the body parser and Nest itself throw carries a status and no remedy. */
export function toHttpProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof EngineSilent || isStorageAway(error)) {
    return new HttpProblem('unavailable', {
      detail: 'The storage of this server fails, so it serves nobody and carries out nothing.',
      remedy: 'Bring its storage back; its log says what is wrong. Until then the partner can be asked.',
    })
  }
  const status = statusOf(error)
  if (status === 400) {
    return new HttpProblem('invalid-request', {
      detail: 'The body is not JSON that can be read.',
      remedy: 'Send one JSON object with Content-Type application/json.',
      fields: [{ field: 'body', message: 'cannot be read as JSON' }],
    })
  }
  if (status === 413) {
    return new HttpProblem('body-too-large', {
      detail: 'The body is larger than 64 KiB.',
      remedy: 'Send less; no request of this API needs so much.',
    })
  }
  return new HttpProblem('internal', {
    detail: 'The server failed to answer; its log says why.',
    remedy: 'Try again; if it fails again, look for API_FAILED in the log of this server.',
  })
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus()
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' ? status : undefined
}
