/** The tests that need the real database, this time a PostgreSQL: the same ones, and those that are true of it only. */
import { storageTests } from '../../tooling/vitest/project.ts'

export default storageTests('server-postgresql', {
  test: {
    // Making and dropping a database flushes, on a busy machine for seconds.
    hookTimeout: 60_000,
    // Several programs one after the other.
    testTimeout: 180_000,
    globalSetup: ['src/storage/test-support/shared-cluster.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.sqlite.storage.test.ts'],
  },
})
