/** One typed call for every route of the contract. */
import { Problem, routePath } from '@tandem/api-contract'
import type { RouteAnswer, RouteBodyInput, RouteDefinition, RouteQueryInput } from '@tandem/api-contract'
import { ApiFailure } from './api-failure.ts'

export interface CallInput<R extends RouteDefinition> {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: RouteQueryInput<R>
  readonly body?: RouteBodyInput<R>
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export async function callApi<R extends RouteDefinition>(route: R, input: CallInput<R> = {}): Promise<RouteAnswer<R>> {
  const response = await send(route, input)
  if (!response.ok) throw await failureFrom(response)
  // Without an answer schema RouteAnswer is undefined, which the compiler cannot see from the value.
  if (route.answer === undefined) return undefined as RouteAnswer<R>
  const parsed = route.answer.safeParse(await jsonOf(response))
  if (!parsed.success) {
    throw new ApiFailure(null, `The answer to ${route.method} ${route.path} is not of this version of the console.`)
  }
  // Parsed by the very schema from which RouteAnswer is inferred.
  return parsed.data as RouteAnswer<R>
}

async function send<R extends RouteDefinition>(route: R, input: CallInput<R>): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' })
  if (input.body !== undefined) headers.set('Content-Type', 'application/json')
  if (input.idempotencyKey !== undefined) headers.set('Idempotency-Key', input.idempotencyKey)
  try {
    return await fetch(routePath(route, input.params) + searchOf(input.query), {
      method: route.method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers,
      body: input.body === undefined ? null : JSON.stringify(input.body),
      signal: input.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(null, 'The server does not answer.')
  }
}

function searchOf(query: unknown): string {
  if (typeof query !== 'object' || query === null) return ''
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? '' : `?${search.toString()}`
}

async function failureFrom(response: Response): Promise<ApiFailure> {
  const problem = Problem.safeParse(await jsonOf(response))
  return problem.success
    ? new ApiFailure(problem.data, problem.data.detail)
    : new ApiFailure(null, `The server answered ${response.status} without saying why.`)
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
