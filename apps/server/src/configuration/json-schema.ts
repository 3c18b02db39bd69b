/** The published JSON Schema of the configuration file, for editor completion; docs/generated/tandem.schema.json holds it. */
import { z } from 'zod'
import { fileSchema } from './file-schema.ts'

export function publishedSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(fileSchema, { io: 'input' })
}

export function publishedSchemaText(): string {
  return `${JSON.stringify(publishedSchema(), undefined, 2)}\n`
}
