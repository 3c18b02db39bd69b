/** Turns what the schema finds into sentences with a remedy, in the words of the file's author. */
import type { ConfigurationProblem } from '@tandem/engine'
import type { z } from 'zod'
import { publishedSchema } from './json-schema.ts'

type Issue = z.core.$ZodIssue

export function problemsOfShape(issues: readonly Issue[], input: unknown): readonly ConfigurationProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, plainPath(issue.path), input))
}

function problemsOfIssue(
  issue: Issue,
  path: readonly (string | number)[],
  input: unknown,
): readonly ConfigurationProblem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: 'there is no such field',
        remedy: remedyForUnknown(key, knownKeys(path, input)),
      }))
    case 'invalid_type':
      return [wrongType(path, issue.expected, valueAt(input, path))]
    case 'invalid_union':
      return problemsOfUnion(issue, path, input)
    case 'invalid_value':
      return valueAt(input, path) === undefined
        ? [{ path, message: 'is missing', remedy: `Write ${choice(issue.values)}.` }]
        : [
            {
              path,
              message: `${shown(valueAt(input, path))} is none of its values`,
              remedy: `Write ${choice(issue.values)}.`,
            },
          ]
    case 'too_small':
      return [
        { path, message: `${shown(valueAt(input, path))} is too little`, remedy: atLeast(issue.origin, issue.minimum) },
      ]
    case 'too_big':
      return [
        { path, message: `${shown(valueAt(input, path))} is too much`, remedy: atMost(issue.origin, issue.maximum) },
      ]
    case 'custom':
      return [{ path, message: issue.message, remedy: String(issue.params?.['remedy'] ?? 'Correct it.') }]
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ path, message: issue.message.toLowerCase(), remedy: 'Correct it.' }]
  }
}

/** Only the alternative that the author had in mind is of use: the one whose outermost type fits what was written. */
function problemsOfUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly (string | number)[],
  input: unknown,
): readonly ConfigurationProblem[] {
  const meant = issue.errors.find(
    (issues) => !issues.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
  )
  if (meant !== undefined) {
    return meant.flatMap((each) => problemsOfIssue(each, [...path, ...plainPath(each.path)], input))
  }
  return [{ path, message: `${shown(valueAt(input, path))} has the wrong type`, remedy: 'Write a text or a mapping.' }]
}

function wrongType(path: readonly (string | number)[], expected: string, value: unknown): ConfigurationProblem {
  const wanted = TYPE_NAMES.get(expected) ?? expected
  if (value === undefined) return { path, message: 'is missing', remedy: `Write ${wanted} here.` }
  if (expected === 'string' && typeof value === 'number' && path.at(-1) === 'duid') {
    return { path, message: `${value} is a bare number`, remedy: 'Put a DUID in quotes, so that no digit is lost.' }
  }
  if (expected === 'string' && typeof value === 'number') {
    return {
      path,
      message: `${value} is a bare number`,
      remedy: `Write ${wanted}: a duration needs its unit, as in ${value}s.`,
    }
  }
  return { path, message: `${shown(value)} is not ${wanted}`, remedy: `Write ${wanted}.` }
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'a mapping (field: value)'],
  ['array', 'a list'],
])

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function choice(values: readonly unknown[]): string {
  return values.map(String).join(' or ')
}

function atLeast(origin: string, minimum: number | bigint): string {
  if (origin === 'array') return `List at least ${minimum}.`
  return origin === 'string' ? `Write at least ${minimum} characters.` : `Write ${minimum} or more.`
}

function atMost(origin: string, maximum: number | bigint): string {
  return origin === 'string' ? `Write at most ${maximum} characters.` : `Write ${maximum} or less.`
}

function plainPath(path: readonly PropertyKey[]): readonly (string | number)[] {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step))
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), input)
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}

function remedyForUnknown(key: string, known: readonly string[]): string {
  const near = known.find((candidate) => distance(candidate.toLowerCase(), key.toLowerCase()) <= 2)
  if (near !== undefined) return `Did you mean ${near}?`
  return known.length === 0 ? 'Remove it.' : `Remove it; known here: ${known.join(', ')}.`
}

/** The fields that the published schema has at this place. */
function knownKeys(path: readonly (string | number)[], input: unknown): readonly string[] {
  let schema: unknown = publishedSchema()
  for (const [at, step] of path.entries()) {
    if (!isRecord(schema)) return []
    schema = typeof step === 'number' ? schema['items'] : valueAt(schema, ['properties', step])
    schema = alternative(schema, valueAt(input, path.slice(0, at + 1)))
  }
  const properties = isRecord(schema) ? schema['properties'] : undefined
  return isRecord(properties) ? Object.keys(properties) : []
}

function alternative(schema: unknown, value: unknown): unknown {
  const choices = isRecord(schema) ? schema['anyOf'] : undefined
  if (!Array.isArray(choices)) return schema
  const type = typeof value
  return choices.find((each: unknown) => isRecord(each) && each['type'] === type)
}

/** Edits (insert, delete, replace) from one word to another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(to).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
