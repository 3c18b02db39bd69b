/** One route, written once: the server serves it, the console calls it, OpenAPI lists it. */
import type * as z from 'zod'
import type { Permission } from './permissions.ts'

export const API_PREFIX = '/api/v1'

export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/api/v1`; a parameter is written `:name`. */
  readonly path: `/${string}`
  readonly permission: Permission
  /** What it does, in a few words. */
  readonly summary: string
  /** More, where the summary cannot say it. */
  readonly description?: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Absent, as `answerText` is: the answer has no body (204). */
  readonly answer?: z.ZodType
  /** In place of `answer`: text of this media type, of any length and sent as it is read. */
  readonly answerText?: 'text/csv'
  /** 200 unless it says otherwise; 204 without an answer. */
  readonly answerStatus?: 200 | 201
  /** The answer has a `version`, which is its ETag too. */
  readonly versioned?: true
  /** Changes what has a version: the header If-Match names the one that the caller saw; another one now is a 412. */
  readonly ifMatch?: 'optional' | 'required'
  /** The answer holds a secret: it is kept for repetitions in memory only, and not for long. */
  readonly secretAnswer?: true
}

/** Every POST is carried out once for each Idempotency-Key: the same key with the same body gets the same answer again. */
export function needsIdempotencyKey({ method }: Pick<RouteDefinition, 'method'>): boolean {
  return method === 'POST'
}

export const IDEMPOTENCY_KEY_LENGTH_MIN = 8
export const IDEMPOTENCY_KEY_LENGTH_MAX = 200

export function defineRoute<const Route extends RouteDefinition>(route: Route): Route {
  return route
}

type Absent = undefined

/** Parsed, as the server's handler gets it. */
export type RouteParams<R extends RouteDefinition> = R extends { params: infer P extends z.ZodType }
  ? z.output<P>
  : Absent
export type RouteQuery<R extends RouteDefinition> = R extends { query: infer Q extends z.ZodType }
  ? z.output<Q>
  : Absent
export type RouteBody<R extends RouteDefinition> = R extends { body: infer B extends z.ZodType } ? z.output<B> : Absent
export type RouteAnswer<R extends RouteDefinition> = R extends { answer: infer A extends z.ZodType }
  ? z.output<A>
  : Absent

/** As a caller writes them. */
export type RouteQueryInput<R extends RouteDefinition> = R extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : Absent
export type RouteBodyInput<R extends RouteDefinition> = R extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : Absent

/** The path below the server's root with its parameters filled in and encoded. */
export function routePath(route: RouteDefinition, params: Readonly<Record<string, string>> = {}): string {
  const filled = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${route.path} needs the parameter ${name}`)
    return encodeURIComponent(value)
  })
  return API_PREFIX + filled
}
