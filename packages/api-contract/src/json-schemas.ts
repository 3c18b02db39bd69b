/** JSON Schemas of the contract for its documents: what has a name stands once among the components, and the rest refers to it. */
import * as z from 'zod'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type JsonObject = { readonly [key: string]: Json | undefined }

export class JsonSchemas {
  readonly #named = new Map<string, Json>()

  /** In the order of their names. */
  named(): JsonObject {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** As one place refers to it: `input` as a caller writes it, `output` as it is answered. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    // What toJSONSchema answers is JSON, though its type has room for more.
    const json = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io }))) as JsonObject
    const { $defs, $schema: _dialect, id: _id, ...own } = json
    for (const [name, definition] of Object.entries(objectOf($defs))) {
      const { id: _definitionId, ...rest } = objectOf(definition)
      this.#named.set(name, refersToComponents(rest))
    }
    const name = schema.meta()?.id
    if (name === undefined || own['$ref'] !== undefined) return refersToComponents(own)
    this.#named.set(name, refersToComponents(own))
    return { $ref: `#/components/schemas/${name}` }
  }
}

function refersToComponents(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

export function objectOf(json: Json | undefined): JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {}
}
