/**
 * The API as typed functions, one for each route of the contract: what goes in and what comes out is derived from its
 * schemas. Console, command line and tests bring their own way of sending; nothing here knows a socket or a clock.
 */
import type * as z from 'zod'
import { needsIdempotencyKey, routePath } from '../define-route.ts'
import type { RouteAnswer, RouteDefinition } from '../define-route.ts'
import { Problem } from '../problem.ts'
import { routes } from '../resources/index.ts'
import type { RouteName } from '../resources/index.ts'
import { ApiFailure } from './api-failure.ts'

export interface ApiRequest {
  readonly method: RouteDefinition['method']
  /** Below the server's root, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string | undefined
}

export interface ApiResponse {
  readonly status: number
  /** Parsed JSON; undefined: there is none. */
  readonly body: unknown
}

/**
 * Sends one request. It throws `noAnswer(...)` when none came; whatever else it throws, for example that the caller gave
 * up, reaches the caller as it is.
 */
export type Transport<Signal> = (request: ApiRequest, signal: Signal | undefined) => Promise<ApiResponse>

export function noAnswer(detail = 'The server does not answer.'): ApiFailure {
  return new ApiFailure(null, detail)
}

export interface ApiClientOptions<Signal> {
  readonly transport: Transport<Signal>
  /** Fresh for each command, and not to be guessed: a UUID does. */
  readonly newIdempotencyKey: () => string
  /** Absent: every failure is the caller's to see. */
  readonly patience?: Patience
}

/** Tries again what may be tried again: it was held back (429), the server was away (503), or no answer came. */
export interface Patience {
  readonly attemptsMax: number
  readonly wait: (seconds: number) => Promise<void>
}

/** When the server does not say how long to wait. */
const WAIT_SECONDS = 1

type Part<R, Key extends string> = R extends { readonly [K in Key]: infer S extends z.ZodType } ? S : never

type RequestOf<R extends RouteDefinition> = (R extends { params: z.ZodType }
  ? { readonly params: z.input<Part<R, 'params'>> }
  : object) &
  (R extends { query: z.ZodType } ? { readonly query?: z.input<Part<R, 'query'>> } : object) &
  (R extends { body: z.ZodType } ? { readonly body: z.input<Part<R, 'body'>> } : object) &
  (R extends { method: 'POST' }
    ? /** Absent: a fresh one. Give one to be able to repeat the command in another call. */
      { readonly idempotencyKey?: string }
    : object) &
  (R extends { ifMatch: 'required' }
    ? { readonly ifMatch: string }
    : R extends { ifMatch: 'optional' }
      ? /** The `version` that you saw. */
        { readonly ifMatch?: string }
      : object)

type InputOf<R extends RouteDefinition, Signal> = RequestOf<R> & { readonly signal?: Signal | undefined }

export type ApiCall<R extends RouteDefinition, Signal> = (
  ...input: object extends InputOf<R, Signal> ? [InputOf<R, Signal>?] : [InputOf<R, Signal>]
) => Promise<RouteAnswer<R>>

/** What is answered as text may be of any length: it is read as it comes, from the path that `requestPath` makes. */
type CallName = { [Name in RouteName]: (typeof routes)[Name] extends { answerText: string } ? never : Name }[RouteName]

export type ApiClient<Signal> = { readonly [Name in CallName]: ApiCall<(typeof routes)[Name], Signal> }

/** What any call brings, without the types of its route. */
interface AnyInput<Signal> {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly idempotencyKey?: string
  readonly ifMatch?: string
  readonly signal?: Signal
}

export function createApiClient<Signal>(options: ApiClientOptions<Signal>): ApiClient<Signal> {
  const calls = Object.entries<RouteDefinition>(routes)
    .filter(([, { answerText }]) => answerText === undefined)
    .map(([name, route]) => [name, async (input: AnyInput<Signal> = {}) => call(options, route, input)])
  // One function for each route that answers with JSON, and each reads no more of its input than its route's type has.
  return Object.fromEntries(calls) as ApiClient<Signal>
}

async function call<Signal>(
  { transport, newIdempotencyKey, patience }: ApiClientOptions<Signal>,
  route: RouteDefinition,
  input: AnyInput<Signal>,
): Promise<unknown> {
  const key = needsIdempotencyKey(route) ? (input.idempotencyKey ?? newIdempotencyKey()) : undefined
  const request = requestOf(route, input, key)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return answerOf(route, await transport(request, input.signal))
    } catch (error) {
      const seconds = waitAfter(error, attempt)
      if (patience === undefined || seconds === undefined || attempt >= patience.attemptsMax) throw error
      await patience.wait(seconds)
    }
  }
}

function requestOf<Signal>(route: RouteDefinition, input: AnyInput<Signal>, key: string | undefined): ApiRequest {
  return {
    method: route.method,
    path: requestPath(route, input),
    headers: {
      Accept: 'application/json, application/problem+json',
      ...(input.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      ...(input.ifMatch === undefined ? {} : { 'If-Match': `"${input.ifMatch}"` }),
    },
    body: input.body === undefined ? undefined : JSON.stringify(input.body),
  }
}

/** Below the server's root, with its query; empty parts of that are left out. */
export function requestPath(
  route: RouteDefinition,
  { params, query }: Pick<AnyInput<unknown>, 'params' | 'query'>,
): string {
  return routePath(route, params) + searchOf(query)
}

function searchOf(query: Readonly<Record<string, unknown>> = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function answerOf(route: RouteDefinition, { status, body }: ApiResponse): unknown {
  if (status < 200 || status > 299) throw failureFrom(status, body)
  if (route.answer === undefined) return undefined
  const parsed = route.answer.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.')
  const what = `${route.method} ${route.path} is of another version of the API`
  throw new ApiFailure(null, `The answer to ${what} (${where}: ${issue?.message ?? 'is not right'}).`)
}

function failureFrom(status: number, body: unknown): ApiFailure {
  const problem = Problem.safeParse(body)
  return problem.success
    ? new ApiFailure(problem.data, problem.data.detail)
    : new ApiFailure(null, `The server answered ${status} without saying why.`)
}

/** Undefined: trying again would bring the same. A command is safe to repeat, since its key goes with it. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof ApiFailure)) return undefined
  const { problem } = error
  // A connection may have been lost on the way; a server that is not there is said soon.
  if (problem === null) return attempt === 1 ? WAIT_SECONDS : undefined
  if (problem.status === 503) return problem.retryAfterSeconds ?? WAIT_SECONDS
  return problem.status === 429 ? problem.retryAfterSeconds : undefined
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

/** All items of a list, page after page: `itemsOf((cursor) => api.listLeases({ query: { cursor } }))`. */
export async function* itemsOf<Item>(read: (cursor: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let page = await read(undefined)
  yield* page.items
  while (page.nextCursor !== null) {
    page = await read(page.nextCursor)
    yield* page.items
  }
}
