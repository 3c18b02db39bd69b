/** For tests: from a route of the contract, requests that are wrong in one place each, and the field that has to be named. */
import type { RouteDefinition } from '@tandem/api-contract'
import { needsIdempotencyKey } from '@tandem/api-contract'
import * as z from 'zod'

/** A request that would be right, below the API's root. */
export interface RightRequest {
  readonly params: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | undefined
}

export interface BadRequest {
  /** What is wrong with it. */
  readonly what: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Text as it is sent. */
  readonly body?: string
  readonly status: number
  readonly field: string
}

interface Schema {
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
}
interface Property {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Property[]
  readonly $ref?: string
}

const TOO_LONG = 'x'.repeat(1_000)

export function badRequestsOf(route: RouteDefinition, right: RightRequest): readonly BadRequest[] {
  return [...badParams(route, right), ...badQueries(route), ...badBodies(route, right), ...badHeaders(route)]
}

function badParams(route: RouteDefinition, { params }: RightRequest): readonly BadRequest[] {
  return Object.keys(schemaOf(route.params).properties ?? {}).map((name) => ({
    what: `${name} in the path is too long`,
    params: { ...params, [name]: TOO_LONG },
    status: 422,
    field: `params.${name}`,
  }))
}

function badQueries(route: RouteDefinition): readonly BadRequest[] {
  const one = (what: string, name: string, value: string): BadRequest => ({
    what,
    query: `${name}=${encodeURIComponent(value)}`,
    status: 422,
    field: `query.${name}`,
  })
  const known = Object.keys(schemaOf(route.query).properties ?? {})
  return [
    one('the query has a parameter that is not known', 'surprise', '1'),
    // No value of any parameter is so long, a number or one of a list when it reads like this.
    ...known.map((name) => one(`${name} in the query has a wrong value`, name, TOO_LONG)),
    ...known.map((name) => ({
      ...one(`${name} comes twice`, name, '1'),
      query: `${name}=1&${name}=2`,
    })),
    ...known
      .filter((name) => name === 'cursor')
      .map((name) => one('the cursor is of no page', name, 'bm90IGEgY3Vyc29y')),
  ]
}

function badBodies(route: RouteDefinition, { body }: RightRequest): readonly BadRequest[] {
  if (route.body === undefined) return []
  const wrong = (what: string, text: string, field: string, status = 422): BadRequest => ({
    what,
    body: text,
    status,
    field,
  })
  const { properties = {}, required = [] } = schemaOf(route.body)
  return [
    wrong('the body is no JSON', '{', 'body'),
    wrong('the body is no object', '[]', 'body'),
    wrong('the body is too large', JSON.stringify({ x: 'x'.repeat(70_000) }), 'body', 413),
    wrong('the body has a field that is not known', JSON.stringify({ ...body, surprise: 1 }), 'body.surprise'),
    ...required.map((name) =>
      wrong(`${name} is missing`, JSON.stringify({ ...body, [name]: undefined }), `body.${name}`),
    ),
    ...Object.keys(properties).map((name) =>
      wrong(`${name} is of another type`, JSON.stringify({ ...body, [name]: [{}] }), `body.${name}`),
    ),
    {
      ...wrong('the body is of another type', 'name=ada', 'header.Content-Type', 415),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ]
}

function badHeaders(route: RouteDefinition): readonly BadRequest[] {
  const key = (what: string, value: string | undefined): BadRequest => ({
    what,
    headers: { 'idempotency-key': value },
    status: 400,
    field: 'header.Idempotency-Key',
  })
  const match = (what: string, value: string | undefined, status: number): BadRequest => ({
    what,
    headers: { 'if-match': value },
    status,
    field: 'header.If-Match',
  })
  return [
    ...(needsIdempotencyKey(route)
      ? [
          key('the Idempotency-Key is missing', undefined),
          key('the Idempotency-Key is too short', 'short'),
          key('the Idempotency-Key is too long', TOO_LONG),
        ]
      : []),
    ...(route.ifMatch === undefined
      ? []
      : [
          match('the ETag is stale', '"an-older-version"', 412),
          match('the ETag is a weak one', 'W/"an-older-version"', 412),
          match('the ETag is no ETag', 'an-older-version', 412),
        ]),
    ...(route.ifMatch === 'required' ? [match('the ETag is missing', undefined, 428)] : []),
  ]
}

function schemaOf(schema: z.ZodType | undefined): Schema {
  // What toJSONSchema answers for an object is of this form.
  return schema === undefined ? {} : (z.toJSONSchema(schema, { io: 'input' }) as Schema)
}
