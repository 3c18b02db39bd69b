/** Counts of addresses, prefixes and leases are decimal text: a number in an answer is one that is known to stay small. */
import { expect, it } from 'vitest'
import { buildAsyncApi } from './asyncapi.ts'
import { objectOf } from './json-schemas.ts'
import type { Json } from './json-schemas.ts'
import { buildOpenApi } from './openapi.ts'

/** Seconds and milliseconds say so in their names. */
const MEASURED = /(Seconds|Ms|MsMedian|MsMax)$/
const SMALL = new Set([
  'status',
  'sequence',
  'fromSequence',
  'revision',
  'limit',
  'iaid',
  'remoteIdEnterprise',
  'delegatedLength',
  // Of an update window, and of clients that one server heard lately.
  'partnerMaxUnackedUpdates',
  'count',
  'alarmAt',
  // A rate that one server measured of its own clients.
  'perHour',
  // Of deliveries, one after another.
  'failures',
  // Of a rule, as the engine compared them: numbers there too.
  'inputs',
])

function numbersIn(json: Json | undefined, name = ''): readonly string[] {
  if (Array.isArray(json)) return json.flatMap((each: Json) => numbersIn(each, name))
  const { type, properties, ...rest } = objectOf(json)
  const own = [type].flat().some((each) => each === 'number' || each === 'integer') ? [name] : []
  const named = Object.entries(objectOf(properties)).flatMap(([key, property]) => numbersIn(property, key))
  // What stands beside the properties of an object belongs to the same name: items of a list, members of a union.
  return [
    ...own,
    ...named,
    ...Object.values(rest).flatMap((part) => (typeof part === 'object' ? numbersIn(part, name) : [])),
  ]
}

const facts = { version: '1', serverName: 'alpha' }
const { schemas } = buildOpenApi(facts).components
const all = Object.entries({ ...schemas, ...buildAsyncApi(facts).components.schemas })

it('finds numbers, and none that could exceed 2^53', () => {
  const found = all.flatMap(([schema, json]) => numbersIn(json, schema).map((name) => ({ schema, name })))
  expect(found.map(({ name }) => name)).toContain('clockSkewMs')
  expect(found.filter(({ name }) => !MEASURED.test(name) && !SMALL.has(name))).toEqual([])
})

it('has one count that is a number, of clients', () => {
  const counting = all.filter(([, json]) => numbersIn(json).includes('count')).map(([schema]) => schema)
  expect(new Set(counting)).toEqual(new Set(['Relationship']))
})
