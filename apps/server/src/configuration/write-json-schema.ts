/** Writes docs/generated/tandem.schema.json: `node --conditions=source apps/server/src/configuration/write-json-schema.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publishedSchemaText } from './json-schema.ts'

const file = fileURLToPath(new URL('../../../../docs/generated/tandem.schema.json', import.meta.url))
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, publishedSchemaText())
