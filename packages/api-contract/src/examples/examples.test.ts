/** Every example is what the contract says, and says nothing that the contract does not know. */
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import type { RouteDefinition } from '../define-route.ts'
import { LiveClientMessage, LiveServerMessage } from '../live-events.ts'
import { routes } from '../resources/index.ts'
import type { RouteName } from '../resources/index.ts'
import { messageExamples } from './message-examples.ts'
import { routeExamples } from './route-examples.ts'

const parts = Object.entries<RouteDefinition>(routes).flatMap(([name, route]) =>
  (['params', 'query', 'body', 'answer'] as const).map((part) => ({
    name,
    part,
    schema: route[part],
    // The keys of `routes` are the names of the routes.
    example: (routeExamples[name as RouteName] as Partial<Record<string, unknown>>)[part],
  })),
)

describe('an example of a route', () => {
  it.each(parts.filter(({ schema }) => schema !== undefined))('$name: $part', ({ part, schema, example }) => {
    if (part === 'query' && example === undefined) return
    const parsed = schema?.safeParse(example)
    expect(parsed?.error).toBeUndefined()
    // What a schema does not know is left out in parsing; defaults come along in what is asked.
    if (part === 'answer') expect(parsed?.data).toEqual(example)
  })

  it('has no part that the route has not', () => {
    expect(parts.filter(({ schema, example }) => schema === undefined && example !== undefined)).toEqual([])
  })
})

describe('an example of a message', () => {
  const fromServer = LiveServerMessage.options.map((option) => option.shape.event.value)
  const all = Object.entries(messageExamples).flatMap(([event, messages]) =>
    messages.map((message, index) => ({ event, index, message })),
  )

  it.each(all)('$event $index', ({ event, message }) => {
    const schema: z.ZodType = fromServer.some((each) => each === event) ? LiveServerMessage : LiveClientMessage
    expect(schema.parse(message)).toEqual(message)
  })
})
