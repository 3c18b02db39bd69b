/** The OpenAPI 3.1 document, built from the list of routes; nothing of it is written by hand. */
import * as z from 'zod'
import {
  API_PREFIX,
  IDEMPOTENCY_KEY_LENGTH_MAX,
  IDEMPOTENCY_KEY_LENGTH_MIN,
  needsIdempotencyKey,
} from './define-route.ts'
import type { RouteDefinition } from './define-route.ts'
import { Problem, PROBLEM_CONTENT_TYPE } from './problem.ts'
import { routes } from './resources/index.ts'
import { roleNeededFor } from './permissions.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
type JsonObject = { readonly [key: string]: Json | undefined }

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: JsonObject
  readonly servers: readonly JsonObject[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>
  readonly components: { readonly schemas: JsonObject; readonly securitySchemes: JsonObject }
}

export interface OpenApiFacts {
  readonly version: string
  readonly serverName: string
}

export function buildOpenApi({ version, serverName }: OpenApiFacts): OpenApiDocument {
  const schemas = new Map<string, Json>()
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const [name, route] of Object.entries<RouteDefinition>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Tandem ${serverName}`,
      version,
      license: { name: 'MPL-2.0', identifier: 'MPL-2.0' },
      description: 'A DHCPv6 server with RFC 8156 failover. Times are ISO 8601 in UTC, big counts are decimal text.',
    },
    servers: [{ url: API_PREFIX }],
    paths,
    components: {
      schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: `tandem-${serverName}-session` },
        apiToken: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

function operation(name: string, route: RouteDefinition, schemas: Map<string, Json>): JsonObject {
  const { permission, answer, body } = route
  const status = answer === undefined ? '204' : String(route.answerStatus ?? 200)
  const needs = permission === 'open' ? 'Needs no session.' : `Needs the role ${roleNeededFor(permission)}.`
  return {
    operationId: name,
    summary: route.summary,
    description: route.description === undefined ? needs : `${route.description} ${needs}`,
    tags: [route.path.split('/')[1] ?? ''],
    security: permission === 'open' ? [] : [{ session: [] }, { apiToken: [] }],
    parameters: parameters(route, schemas),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input', schemas) } },
          },
        }),
    responses: {
      [status]: {
        description: answer === undefined ? 'Done' : 'The answer',
        ...(answer === undefined
          ? {}
          : { content: { 'application/json': { schema: schemaOf(answer, 'output', schemas) } } }),
      },
      default: {
        description: 'What went wrong and what to do about it',
        content: { [PROBLEM_CONTENT_TYPE]: { schema: schemaOf(Problem, 'output', schemas) } },
      },
    },
  }
}

function parameters(route: RouteDefinition, schemas: Map<string, Json>): readonly JsonObject[] {
  return [
    ...parametersIn('path', route.params, schemas),
    ...parametersIn('query', route.query, schemas),
    ...(needsIdempotencyKey(route) ? [idempotencyKey] : []),
    ...(route.ifMatch === undefined ? [] : [ifMatch(route.ifMatch === 'required')]),
  ]
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Of your making, best a UUID; the same key with the same body gets the same answer for a day.',
  schema: { type: 'string', minLength: IDEMPOTENCY_KEY_LENGTH_MIN, maxLength: IDEMPOTENCY_KEY_LENGTH_MAX },
}

const ifMatch = (required: boolean): JsonObject => ({
  name: 'If-Match',
  in: 'header',
  required,
  description: 'The ETag that you saw; refused (412) if there is another one now.',
  schema: { type: 'string' },
})

function parametersIn(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  schemas: Map<string, Json>,
): readonly JsonObject[] {
  if (schema === undefined) return []
  const object = objectOf(schemaOf(schema, 'input', schemas))
  const required = Array.isArray(object['required']) ? object['required'] : []
  return Object.entries(objectOf(object['properties'])).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

/** A schema with a name goes to the components, once; the place where it stands refers to it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Map<string, Json>): Json {
  // What toJSONSchema answers is JSON, though its type has room for more.
  const json = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io }))) as JsonObject
  const { $defs, $schema: _dialect, id: _id, ...own } = json
  for (const [name, definition] of Object.entries(objectOf($defs))) {
    const { id: _definitionId, ...rest } = objectOf(definition)
    schemas.set(name, refersToComponents(rest))
  }
  const name = schema.meta()?.id
  if (name === undefined || own['$ref'] !== undefined) return refersToComponents(own)
  schemas.set(name, refersToComponents(own))
  return { $ref: `#/components/schemas/${name}` }
}

function refersToComponents(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

function objectOf(json: Json | undefined): JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {}
}
