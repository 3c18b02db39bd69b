/** @Route ties a method to a route of the contract: verb, path, validation of what comes in, check of what goes out. */
import { Delete, Get, HttpCode, Patch, Post, Put, Req, Res, SetMetadata } from '@nestjs/common'
import type {
  FieldProblem,
  RouteAnswer,
  RouteBody,
  RouteDefinition,
  RouteParams,
  RouteQuery,
} from '@tandem/api-contract'
import type { Request, Response } from 'express'
import type * as z from 'zod'
import { HttpProblem } from './http-problem.ts'
import { principalOf } from './principal.ts'
import type { Principal } from './principal.ts'
import { streamOf } from './text-stream.ts'
import { etagOf, ifMatchMissing, versionIn } from './version.ts'

export const ROUTE = Symbol('contract route')

type Signed<R extends RouteDefinition> = R extends { permission: 'open' } ? Principal | undefined : Principal

/** What a handler is given: everything in it has been checked against the contract. */
export interface RouteInput<R extends RouteDefinition> {
  readonly params: RouteParams<R>
  readonly query: RouteQuery<R>
  readonly body: RouteBody<R>
  readonly principal: Signed<R>
  readonly request: Request
  readonly response: Response
}

type Handler<R extends RouteDefinition> = (
  input: RouteInput<R>,
) => R extends { answerText: string } ? AsyncIterable<string> : Promise<RouteAnswer<R>> | RouteAnswer<R>

const verbs = { GET: Get, POST: Post, PATCH: Patch, PUT: Put, DELETE: Delete } as const

/** Nest's router has no prefix of ours; paths here are those below it. */
export function Route<const R extends RouteDefinition>(route: R) {
  return <H extends Handler<R>>(target: object, name: string, descriptor: TypedPropertyDescriptor<H>): void => {
    const handler = descriptor.value
    if (handler === undefined) throw new Error(`@Route(${route.path}) stands on something that is not a method`)
    const answering = async function (this: unknown, request: Request, response: Response): Promise<unknown> {
      const given: unknown = await handler.call(this, inputOf(route, request, response))
      // Of such a route the handler's type says that it gives pieces of text.
      if (route.answerText !== undefined) return streamOf(route.answerText, given as AsyncIterable<string>)
      const answer = checkAnswer(route, given)
      if (route.versioned === true) response.setHeader('ETag', etagOf(versionIn(answer)))
      return answer
    }
    // Nest calls the method with what the parameter decorators name, and no longer with the handler's own input.
    const replaced = descriptor as PropertyDescriptor
    replaced.value = answering
    verbs[route.method](route.path)(target, name, replaced)
    HttpCode(route.answer === undefined && route.answerText === undefined ? 204 : (route.answerStatus ?? 200))(
      target,
      name,
      replaced,
    )
    SetMetadata(ROUTE, route)(target, name, replaced)
    Req()(target, name, 0)
    Res({ passthrough: true })(target, name, 1)
  }
}

function inputOf<R extends RouteDefinition>(route: R, request: Request, response: Response): RouteInput<R> {
  const problems: FieldProblem[] = []
  if (route.body !== undefined && request.body === undefined && request.headers['content-length'] !== '0') {
    const type = request.headers['content-type']
    if (type !== undefined && !type.toLowerCase().startsWith('application/json')) {
      throw new HttpProblem('unsupported-media-type', {
        detail: `The body is ${type}.`,
        remedy: 'Send JSON with Content-Type application/json.',
        fields: [{ field: 'header.Content-Type', message: 'is not application/json' }],
      })
    }
  }
  const input = {
    params: parsePart(route.params, 'params', request.params, problems),
    query: parsePart(route.query, 'query', request.query, problems),
    body: parsePart(route.body, 'body', request.body, problems),
    principal: principalOf(request),
    request,
    response,
  }
  if (problems.length > 0) {
    throw new HttpProblem('invalid-request', {
      detail: problems.map(({ field, message }) => `${field}: ${message}`).join('; '),
      remedy: 'Correct the fields that are named; /api/docs lists what each may be.',
      fields: problems,
    })
  }
  if (route.ifMatch === 'required' && request.header('If-Match') === undefined) throw ifMatchMissing()
  // Each part was just parsed with the schema that the type is derived from, and the guard has seen to the principal.
  return input as RouteInput<R>
}

function parsePart(
  schema: z.ZodType | undefined,
  part: 'params' | 'query' | 'body',
  value: unknown,
  problems: FieldProblem[],
): unknown {
  if (schema === undefined) {
    // A misspelt filter that is passed over would answer more than was asked for.
    if (part === 'query') for (const name of Object.keys(value ?? {})) problems.push(unknownField(`query.${name}`))
    return undefined
  }
  if (part === 'body' && value === undefined) {
    problems.push({ field: 'body', message: 'is missing; send a JSON object' })
    return undefined
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const path = [part, ...issue.path].join('.')
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) problems.push(unknownField(`${path}.${key}`))
    else problems.push({ field: path, message: issue.message })
  }
  return undefined
}

function unknownField(field: string): FieldProblem {
  return { field, message: 'is not known here' }
}

/** An answer that is not what the contract says is our bug: said loudly, never sent half right. */
function checkAnswer(route: RouteDefinition, answer: unknown): unknown {
  if (route.answer === undefined) return undefined
  const checked = route.answer.safeParse(answer)
  if (checked.success) return checked.data
  throw new Error(`${route.method} ${route.path} answers something else than its contract: ${checked.error.message}`)
}
