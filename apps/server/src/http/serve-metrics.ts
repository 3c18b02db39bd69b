/** GET /metrics for Prometheus: with an API token that may read the status, unless the configuration lets anybody. */
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Request, RequestHandler, Response } from 'express'
import type { Metrics } from '../observability/metrics/metrics.ts'
import type { Access } from '../sessions/access.ts'
import { admit, notSignedIn } from './access.guard.ts'
import { answerProblem, HttpProblem } from './http-problem.ts'
import { toHttpProblem } from './problem.filter.ts'
import { insistOnRate, type RequestLimits } from './request-limits.ts'

export const METRICS_PATH = '/metrics'

export interface MetricsRoute {
  readonly metrics: Metrics
  readonly access: Access
  readonly limits: RequestLimits
  /** Without a token. */
  readonly isOpen: boolean
}

export function serveMetrics(application: NestExpressApplication, route: MetricsRoute): void {
  application.use(METRICS_PATH, ((request, response) => {
    answer(route, request, response).catch((error: unknown) => {
      answerProblem(response, request.originalUrl, error instanceof HttpProblem ? error : toHttpProblem(error))
    })
  }) satisfies RequestHandler)
}

async function answer(
  { metrics, access, limits, isOpen }: MetricsRoute,
  request: Request,
  response: Response,
): Promise<void> {
  const ofAddress = limits.ofAddress(request.ip)
  insistOnRate(response, ofAddress)
  if (request.method !== 'GET' && request.method !== 'HEAD') throw onlyRead()
  if (!isOpen) {
    const principal = await access.authenticate(request.headers)
    insistOnRate(response, ofAddress, limits.ofCaller(principal, request.ip))
    if (principal === undefined) throw notSignedIn()
    admit(principal, 'status.read')
  }
  const text = await metrics.text()
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', metrics.contentType)
  response.end(text)
}

function onlyRead(): HttpProblem {
  return new HttpProblem('not-found', {
    detail: 'Metrics can only be read.',
    remedy: `Use GET ${METRICS_PATH}.`,
    fields: [],
  })
}
