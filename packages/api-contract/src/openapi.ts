/** The OpenAPI 3.1 document, built from the list of routes and their examples; nothing of it is written by hand. */
import type * as z from 'zod'
import {
  API_PREFIX,
  IDEMPOTENCY_KEY_LENGTH_MAX,
  IDEMPOTENCY_KEY_LENGTH_MIN,
  needsIdempotencyKey,
} from './define-route.ts'
import type { RouteDefinition } from './define-route.ts'
import { routeExamples } from './examples/route-examples.ts'
import { webhookMessageExample } from './examples/webhook-example.ts'
import { JsonSchemas, objectOf } from './json-schemas.ts'
import type { Json, JsonObject } from './json-schemas.ts'
import { problemResponses, refusalsOf } from './openapi-problems.ts'
import { roleNeededFor } from './permissions.ts'
import { routes } from './resources/index.ts'
import { WebhookMessage } from './resources/webhooks.ts'

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: JsonObject
  readonly servers: readonly JsonObject[]
  readonly tags: readonly JsonObject[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>
  /** What the servers send by themselves. */
  readonly webhooks: Readonly<Record<string, JsonObject>>
  readonly components: {
    readonly schemas: JsonObject
    readonly responses: JsonObject
    readonly headers: JsonObject
    readonly securitySchemes: JsonObject
  }
}

export interface OpenApiFacts {
  readonly version: string
  readonly serverName: string
}

const DESCRIPTION = `A DHCPv6 server with RFC 8156 failover.

- Times are ISO 8601 in UTC; counts of addresses, prefixes and leases are decimal text, since they exceed 2^53.
- Lists are paged by \`cursor\`: send \`nextCursor\` of one page to get the next; it is null at the end.
- Every POST needs an \`Idempotency-Key\`: the same key with the same body is carried out once and answered alike.
- What has a \`version\` has it as its \`ETag\`; send it in \`If-Match\` to change only what you have seen.
- What went wrong is \`application/problem+json\` (RFC 9457): \`fields\` names the parts of the request at fault,
  \`remedy\` says what to do. A field, parameter or filter that is not known is refused.
- \`RateLimit\` says how many requests are left; beyond them is 429 with \`Retry-After\`.
- What changes is told over the WebSocket at \`/api/v1/live\`, which \`/api/asyncapi.json\` describes.`

export function buildOpenApi({ version, serverName }: OpenApiFacts): OpenApiDocument {
  const schemas = new JsonSchemas()
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const [name, route] of Object.entries<RouteDefinition>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, schemas) }
  }
  const webhooks = { leaseEvents: { post: delivery(schemas) } }
  const responses = problemResponses(schemas)
  return {
    openapi: '3.1.0',
    info: {
      title: `Tandem ${serverName}`,
      version,
      license: { name: 'MPL-2.0', identifier: 'MPL-2.0' },
      description: DESCRIPTION,
    },
    servers: [{ url: API_PREFIX }],
    tags: [...new Set(Object.values<RouteDefinition>(routes).map(tagOf))].map((name) => ({ name })),
    paths,
    webhooks,
    components: {
      schemas: schemas.named(),
      responses,
      headers,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: `tandem-${serverName}-session` },
        apiToken: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

const headers = {
  ETag: { description: 'The `version` of the answer, in quotes', schema: { type: 'string' } },
  RateLimit: {
    description: 'What is left (`r`) and when all of it is there again (`t`, seconds)',
    schema: { type: 'string' },
    example: '"address";r=1998;t=1, "principal";r=497;t=1',
  },
  'RateLimit-Policy': {
    description: 'Quota (`q`) in a window (`w`, seconds)',
    schema: { type: 'string' },
    example: '"address";q=2000;w=10, "principal";q=500;w=10',
  },
}

const tagOf = ({ path }: RouteDefinition): string => path.split('/')[1] ?? ''

interface AnyExample {
  readonly params?: Readonly<Record<string, Json>>
  readonly query?: Readonly<Record<string, Json>>
  readonly body?: Json
  readonly answer?: Json
  readonly answerText?: string
}

function operation(name: string, route: RouteDefinition, schemas: JsonSchemas): JsonObject {
  const { permission, body } = route
  // Each route has its example, and an example is JSON.
  const example = (routeExamples as Readonly<Record<string, AnyExample>>)[name] ?? {}
  const content = answerContent(route, example, schemas)
  const status = content === undefined ? '204' : String(route.answerStatus ?? 200)
  const needs =
    permission === 'open' ? 'Needs no session.' : `Needs the role ${roleNeededFor(permission)} (\`${permission}\`).`
  return {
    operationId: name,
    summary: route.summary,
    description: route.description === undefined ? needs : `${route.description} ${needs}`,
    tags: [tagOf(route)],
    security: permission === 'open' ? [] : [{ session: [] }, { apiToken: [] }],
    parameters: parameters(route, example, schemas),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemas.of(body, 'input'), example: example.body },
            },
          },
        }),
    responses: {
      [status]: {
        description: content === undefined ? 'Done' : 'The answer',
        headers: Object.fromEntries(
          [...(route.versioned === true ? ['ETag'] : []), 'RateLimit', 'RateLimit-Policy'].map((header) => [
            header,
            { $ref: `#/components/headers/${header}` },
          ]),
        ),
        ...(content === undefined ? {} : { content }),
      },
      ...Object.fromEntries(
        refusalsOf(route).map((refusal) => [refusal, { $ref: `#/components/responses/Problem${refusal}` }]),
      ),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const signatureHeaders = {
  'webhook-id': 'Of this delivery: the same when it is sent again',
  'webhook-timestamp': 'Seconds since 1970: when this attempt was sent',
  'webhook-signature': '`v1,` and in base64 the HMAC-SHA256 of `id.timestamp.body` under the secret of the webhook',
}

function delivery(schemas: JsonSchemas): JsonObject {
  return {
    summary: 'Lease events, sent to the URL of a webhook (Standard Webhooks)',
    description:
      'Accepted with a status of 200 to 299; with any other, or without an answer within ten seconds, it is sent again until it is. ' +
      '410 says that the receiver is gone: nothing is sent any more.',
    security: [],
    parameters: Object.entries(signatureHeaders).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemas.of(WebhookMessage, 'output'), example: webhookMessageExample } },
    },
    responses: { '2XX': { description: 'Accepted; what follows is sent' } },
  }
}

function answerContent(route: RouteDefinition, example: AnyExample, schemas: JsonSchemas): JsonObject | undefined {
  const { answer, answerText } = route
  if (answerText !== undefined) return { [answerText]: { schema: { type: 'string' }, example: example.answerText } }
  if (answer === undefined) return undefined
  return { 'application/json': { schema: schemas.of(answer, 'output'), example: example.answer } }
}

function parameters(route: RouteDefinition, example: AnyExample, schemas: JsonSchemas): readonly JsonObject[] {
  return [
    ...parametersIn('path', route.params, example.params, schemas),
    ...parametersIn('query', route.query, example.query, schemas),
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
  example: '0191f6c0-7c1a-7d3e-9f0a-3f0c2b1d4e5f',
}

const ifMatch = (required: boolean): JsonObject => ({
  name: 'If-Match',
  in: 'header',
  required,
  description: 'The ETag that you saw; refused (412) if there is another one now.',
  schema: { type: 'string' },
  example: '"Jc4yGx1pZ8Qm0rWb6kV2tA"',
})

function parametersIn(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  example: Readonly<Record<string, Json>> = {},
  schemas: JsonSchemas,
): readonly JsonObject[] {
  if (schema === undefined) return []
  const object = objectOf(schemas.of(schema, 'input'))
  const required = Array.isArray(object['required']) ? object['required'] : []
  return Object.entries(objectOf(object['properties'])).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
    ...(example[name] === undefined ? {} : { example: example[name] }),
  }))
}
