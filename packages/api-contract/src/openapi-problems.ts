/** What a route may answer beside its answer, each with an example: a problem of RFC 9457. */
import { needsIdempotencyKey } from './define-route.ts'
import type { RouteDefinition } from './define-route.ts'
import type { JsonObject, JsonSchemas } from './json-schemas.ts'
import { Problem, PROBLEM_CONTENT_TYPE } from './problem.ts'

type Example = Omit<Problem, 'instance' | 'status'>

const examples = {
  400: {
    type: 'urn:tandem:problem:idempotency-key-missing',
    title: 'The header Idempotency-Key is missing',
    detail: 'A POST needs a header Idempotency-Key of 8 to 200 characters.',
    remedy: 'Send a fresh UUID for each command, and the same one when you repeat it.',
    fields: [{ field: 'header.Idempotency-Key', message: 'is missing' }],
  },
  401: {
    type: 'urn:tandem:problem:not-signed-in',
    title: 'Not signed in',
    detail: 'This needs a session or an API token, and the request has none that is valid.',
    remedy: 'Sign in in the console, or send Authorization: Bearer with a token from `tandem token create`.',
    fields: [{ field: 'header.Authorization', message: 'has no valid API token, nor is there a valid session cookie' }],
  },
  403: {
    type: 'urn:tandem:problem:role-too-small',
    title: 'Your role does not allow this',
    detail: 'This needs the role operator; yours is viewer.',
    remedy: 'Ask someone with the role operator, or an administrator for that role.',
    fields: [{ field: 'header.Authorization', message: 'is of a viewer' }],
  },
  404: {
    type: 'urn:tandem:problem:not-found',
    title: 'There is no such thing',
    detail: 'This server has no relationship named alpha-gamma.',
    remedy: 'It has: alpha-beta.',
    fields: [{ field: 'params.name', message: 'names no relationship' }],
  },
  409: {
    type: 'urn:tandem:problem:refused',
    title: 'The command was refused',
    detail: 'The state is NORMAL now, not COMMUNICATIONS-INTERRUPTED.',
    remedy: 'Look at the relationship again, and decide again.',
    refusal: 'state-changed',
    currentState: 'normal',
    fields: [{ field: 'body.seenState', message: 'is not the state now' }],
  },
  410: {
    type: 'urn:tandem:problem:events-not-kept',
    title: 'These events are not kept',
    detail: 'The events after 1f0c22ab-8900000 are not kept any more; what is kept begins after 1f0c22ab-9000000.',
    remedy: 'Ask with after=present, read the list of leases, and go on from next.',
    fields: [{ field: 'query.after', message: 'is older than what is kept' }],
    oldestPosition: '1f0c22ab-9000000',
  },
  412: {
    type: 'urn:tandem:problem:version-changed',
    title: 'It has changed meanwhile',
    detail: 'It is not what you saw any more: the present ETag is "m0rWb6kV2tAJc4yu8Zr1bQ".',
    remedy: 'Read it again, decide again, and send the new ETag in If-Match.',
    fields: [{ field: 'header.If-Match', message: 'is not the present ETag' }],
  },
  413: {
    type: 'urn:tandem:problem:body-too-large',
    title: 'The body is too large',
    detail: 'The body is larger than 64 KiB.',
    remedy: 'Send less; no request of this API needs so much.',
    fields: [{ field: 'body', message: 'is too large' }],
  },
  415: {
    type: 'urn:tandem:problem:unsupported-media-type',
    title: 'The body is not JSON',
    detail: 'The body is application/x-www-form-urlencoded.',
    remedy: 'Send JSON with Content-Type application/json.',
    fields: [{ field: 'header.Content-Type', message: 'is not application/json' }],
  },
  422: {
    type: 'urn:tandem:problem:invalid-request',
    title: 'The request is not right',
    detail: 'query.limit: Too big: expected number to be <=500',
    remedy: 'Correct the fields that are named; /api/docs lists what each may be.',
    fields: [{ field: 'query.limit', message: 'Too big: expected number to be <=500' }],
  },
  428: {
    type: 'urn:tandem:problem:if-match-missing',
    title: 'The header If-Match is missing',
    detail: 'This changes what somebody else may have changed meanwhile, so it needs the ETag that you saw.',
    remedy: 'Read it first, and send its ETag in If-Match.',
    fields: [{ field: 'header.If-Match', message: 'is missing' }],
  },
  429: {
    type: 'urn:tandem:problem:too-many-requests',
    title: 'Too many requests',
    detail: 'More than 500 requests in 10 s came from this principal.',
    remedy: 'Wait 1 s. To follow what changes, use the live stream instead of asking again and again.',
    retryAfterSeconds: 1,
  },
  503: {
    type: 'urn:tandem:problem:unavailable',
    title: 'Not available now',
    detail: 'The storage of this server fails, so it serves nobody and carries out nothing.',
    remedy: 'Bring its storage back; its log says what is wrong. Until then the partner can be asked.',
  },
} as const satisfies Readonly<Record<number, Example>>

type Status = keyof typeof examples

/** By status, the smallest first. */
export function refusalsOf(route: RouteDefinition): readonly Status[] {
  const { path, permission, params, query, body, method, ifMatch } = route
  const isOpen = permission === 'open'
  const may: Readonly<Record<Status, boolean>> = {
    400: needsIdempotencyKey(route),
    401: !isOpen || body !== undefined,
    403: !isOpen || body !== undefined,
    404: params !== undefined,
    409: method !== 'GET',
    410: path === '/lease-events',
    412: ifMatch !== undefined,
    413: body !== undefined,
    415: body !== undefined,
    // A parameter of the query that is not known is refused everywhere.
    422: query !== undefined || params !== undefined || body !== undefined,
    428: ifMatch === 'required',
    429: true,
    503: true,
  }
  // The keys of the record are its statuses.
  return (Object.keys(may).map(Number) as Status[]).filter((status) => may[status])
}

/** For `components.responses`: `Problem404` and its like, and `Problem` for whatever is left. */
export function problemResponses(schemas: JsonSchemas): JsonObject {
  const schema = schemas.of(Problem, 'output')
  const response = (description: string, example: JsonObject | undefined): JsonObject => ({
    description,
    content: { [PROBLEM_CONTENT_TYPE]: { schema, ...(example === undefined ? {} : { example }) } },
  })
  const named = Object.entries<Example>(examples).map(([status, example]) => [
    `Problem${status}`,
    {
      ...response(example.title, { ...example, status: Number(status), instance: '/api/v1/…' }),
      ...(example.retryAfterSeconds === undefined
        ? {}
        : { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' }, example: 1 } } }),
    },
  ])
  return {
    ...Object.fromEntries(named),
    Problem: response('What went wrong and what to do about it', undefined),
  } as JsonObject
}
