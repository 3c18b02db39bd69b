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
    const path = instanceOf(request.originalUrl)
    const problem =
      undecodable(path) ??
      (error instanceof NotFoundException ? nothingThere(request.method, path) : toHttpProblem(error))
    if (problem.kind === 'internal') {
      this.log.write('error', 'API_FAILED', error instanceof Error ? (error.stack ?? error.message) : String(error), {
        method: request.method,
        path,
      })
    }
    answerProblem(http.getResponse<Response>(), request.originalUrl, problem)
  }
}

/** The router gives up on such a path, and what it throws tells it from nothing else. */
function undecodable(path: string): HttpProblem | undefined {
  try {
    decodeURIComponent(path)
    return undefined
  } catch {
    return new HttpProblem('invalid-request', {
      detail: 'The path holds a % that does not begin an encoded octet of UTF-8.',
      remedy: 'Encode each part of the path, a % itself as %25.',
      fields: [{ field: 'path', message: 'cannot be decoded' }],
    })
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
      fields: [{ field: 'body', message: 'is too large' }],
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
