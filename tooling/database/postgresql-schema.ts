/** The PostgreSQL schema, made from the SQLite one: the same models, only provider and place of the client differ. */

export const SOURCE_FILE = 'prisma/schema.prisma'
export const DERIVED_FILE = 'prisma/postgresql/schema.prisma'

const HEADER = `// Written by tooling/database/write-postgresql-schema.ts from prisma/schema.prisma: change that one, and run it again.
`

/** Each stands in the source exactly once. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['provider = "sqlite"', 'provider = "postgresql"'],
  ['"../apps/server/src/storage/generated/prisma"', '"../../apps/server/src/storage/generated/prisma-postgresql"'],
]

/** Throws where the source is not what this expects. */
export function postgresqlSchema(source: string): string {
  const changed = CHANGES.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${SOURCE_FILE} has ${from} not exactly once`)
    return text.replace(from, () => to)
  }, source)
  return HEADER + changed
}
