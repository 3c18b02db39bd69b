/** The tests of @tandem/server that need the real database, here a file; vitest.postgresql.config.ts runs them on PostgreSQL. */
import { storageTests } from '../../tooling/vitest/project.ts'

export default storageTests('server-storage', {
  test: { exclude: ['**/node_modules/**', '**/dist/**', '**/*.postgresql.storage.test.ts'] },
})
