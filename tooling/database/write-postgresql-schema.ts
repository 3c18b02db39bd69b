/** Writes prisma/postgresql/schema.prisma anew: `node tooling/database/write-postgresql-schema.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../source-files.ts'
import { DERIVED_FILE, postgresqlSchema, SOURCE_FILE } from './postgresql-schema.ts'

writeFileSync(
  join(workspaceRoot, DERIVED_FILE),
  postgresqlSchema(readFileSync(join(workspaceRoot, SOURCE_FILE), 'utf8')),
)
