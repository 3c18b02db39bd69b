/** The PostgreSQL schema is the one that the SQLite schema gives. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workspaceRoot } from '../source-files.ts'
import { DERIVED_FILE, postgresqlSchema, SOURCE_FILE } from './postgresql-schema.ts'

const read = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8')

test('the schema that lies there is current', () => {
  expect(read(DERIVED_FILE), 'run node tooling/database/write-postgresql-schema.ts').toBe(
    postgresqlSchema(read(SOURCE_FILE)),
  )
})

test('a source without a provider is refused', () => {
  expect(() => postgresqlSchema(read(SOURCE_FILE).replace('"sqlite"', '"other"'))).toThrow('not exactly once')
})
