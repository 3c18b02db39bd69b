/** Where `prisma generate` finds the schema; the database itself is opened and migrated by our own code (storage/). */
import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
})
